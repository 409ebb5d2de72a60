import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { Scenario } from '../model/scenario.ts';
import { type ClientBrowser, launchBrowser } from '../webrtc/browser.ts';
import { collect } from './credentials/sources.ts';
import type { Io } from './io.ts';

/** Which browser, and which candidates it may use. */
export interface BrowserOptions {
  readonly browser?: readonly string[];
  readonly policy?: Scenario['policy'];
}

function policy(value: string): Scenario['policy'] {
  if (value !== 'all' && value !== 'relay') throw new InvalidArgumentError('It must be relay or all.');
  return value;
}

export const addBrowserOptions = (command: Command): Command =>
  command
    .option(
      '--policy <policy>',
      'candidates to use, relay or all (default: relay, both sides are here)',
      policy,
    )
    .option(
      '--browser <file>',
      'browser to use (default: the Chromium found); a second one is the other side',
      collect,
    );

type Browsers = readonly [caller: ClientBrowser, callee: ClientBrowser];

/** Starts the browsers, the same one for both sides where one is named, and ends them whatever happens. @throws {HostError} */
export async function withBrowsers<T>(
  { browser = [] }: BrowserOptions,
  { signal, progress }: Pick<Io, 'signal' | 'progress'>,
  use: (browsers: Browsers) => Promise<T>,
): Promise<T> {
  progress.update('starting the browser');
  const script = await readFile(new URL('./page.js', import.meta.url), 'utf8');
  const launch = (executable: string | undefined) =>
    launchBrowser({ script, ...(executable === undefined ? {} : { executable }) });
  const [first, second] = browser;
  const caller = await launch(first);
  const browsers: Browsers = [caller, second === undefined ? caller : await launch(second)];
  const closeAll = () => Promise.all([...new Set(browsers)].map(one => one.close()));
  // Whatever a page waits for ends with its browser.
  signal.addEventListener('abort', closeAll, { once: true });
  try {
    return await use(browsers);
  } finally {
    signal.removeEventListener('abort', closeAll);
    await closeAll();
  }
}
