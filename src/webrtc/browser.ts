import type { Browser, Page } from 'playwright-core';
import { HostError } from '../host/host.ts';
import type { CallSide, TimelineEvent } from '../model/call-record.ts';
import type { Scenario } from '../model/scenario.ts';

/** What a client in a page is given: as the credential endpoint answers. */
export interface PageCredentials {
  readonly username: string;
  readonly password: string;
  readonly ttl: number;
  readonly uris: readonly string[];
}

export interface SideOptions {
  readonly scenario: Scenario;
  readonly calls: boolean;
  readonly credentials: PageCredentials;
}

export interface GatherOptions {
  readonly uris: readonly string[];
  readonly credentials: PageCredentials;
  readonly policy: Scenario['policy'];
  /** Milliseconds. */
  readonly giveUpMs: number;
}

/** A page with turnctl's code in it. */
export interface ClientPage {
  /** Gathers once; every event until its end, or until it is given up. */
  gather(options: GatherOptions): Promise<readonly TimelineEvent[]>;
  /** The start of the application: the reference client warms up. */
  open(options: SideOptions): Promise<void>;
  call(options: SideOptions): Promise<CallSide>;
  /** Where what this side says goes to. */
  onSend(receive: (text: string) => void): void;
  take(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface ClientBrowser {
  readonly version: string;
  /** In a context of its own: nothing of an earlier page is cached. */
  openPage(): Promise<ClientPage>;
  close(): Promise<void>;
}

/** Where browsers are on Linux, the usual first. */
const EXECUTABLES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
];

/** Of all that a browser says to others by itself, nothing: what the server sees must come from the call. */
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface LaunchOptions {
  /** What runs in the pages: the text of `dist/page.js`. */
  readonly script: string;
  /** Default: the first one found. */
  readonly executable?: string;
  /** Base64 SHA-256 of the public key of a certificate to trust, for a server whose authority the browser does not know. */
  readonly trustKey?: string;
}

/** @throws {HostError} with what to install, where there is no browser or nothing to drive it with */
export async function launchBrowser({ script, executable, trustKey }: LaunchOptions): Promise<ClientBrowser> {
  const { chromium } = await driver();
  const browser = await launchFirst(chromium, executable ? [executable] : EXECUTABLES, [
    ...FLAGS,
    ...(trustKey === undefined ? [] : [`--ignore-certificate-errors-spki-list=${trustKey}`]),
  ]);
  return {
    version: browser.version(),
    async openPage() {
      const context = await browser.newContext();
      return clientPage(await context.newPage(), script);
    },
    close: () => browser.close(),
  };
}

async function clientPage(page: Page, script: string): Promise<ClientPage> {
  let receive: (text: string) => void = () => {};
  await page.exposeFunction('turnctlSend', (text: string) => receive(text));
  await page.goto('about:blank');
  await page.addScriptTag({ content: script });
  return {
    gather: options => page.evaluate(given => globalThis.turnctlPage.gather(given), options),
    open: options => page.evaluate(given => globalThis.turnctlPage.open(given), options),
    call: options => page.evaluate(given => globalThis.turnctlPage.call(given), options),
    onSend(next) {
      receive = next;
    },
    take: text => page.evaluate(given => globalThis.turnctlPage.take(given), text),
    close: () => page.context().close(),
  };
}

declare global {
  /** Only in the page: see `page/entry.ts`. */
  var turnctlPage: {
    gather(options: GatherOptions): Promise<readonly TimelineEvent[]>;
    open(options: SideOptions): Promise<void>;
    call(options: SideOptions): Promise<CallSide>;
    take(text: string): void;
  };
}

async function driver() {
  try {
    return await import('playwright-core');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new HostError('no-such-program', 'playwright-core, which drives the browser, is not installed', {
      hint: 'npm install playwright-core beside turnctl. It downloads no browser.',
      cause: error,
    });
  }
}

/** Left to the program: the driver would end it at once, and what it holds on the server with it. */
const SIGNALS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };

type Launcher = typeof import('playwright-core')['chromium'];

async function launchFirst(
  chromium: Launcher,
  executables: readonly string[],
  args: string[],
): Promise<Browser> {
  for (const executablePath of executables) {
    try {
      return await chromium.launch({ executablePath, args, ...SIGNALS });
    } catch (error) {
      // A browser that is there and does not start is worth more than the next one's absence.
      if (!(error instanceof Error) || /executable doesn't exist|ENOENT/i.test(error.message)) continue;
      const [first = ''] = error.message.split('\n');
      throw new HostError('io', `${executablePath} does not start: ${first}`, { cause: error });
    }
  }
  throw new HostError('no-such-program', `there is no browser at ${executables.join(', ')}`, {
    hint: 'Install chromium, or name one with --browser FILE.',
  });
}
