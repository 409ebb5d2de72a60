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

/**
 * Starts the browsers, the same one for both sides where one is named, and ends them whatever happens. Null when it was
 * interrupted. @throws {HostError}
 */
export async function withBrowsers<T>(
  { browser = [] }: BrowserOptions,
  { signal, progress }: Pick<Io, 'signal' | 'progress'>,
  use: (browsers: Browsers) => Promise<T>,
): Promise<T | null> {
  progress.update('starting the browser');
  const script = await readFile(new URL('./page.js', import.meta.url), 'utf8');
  const running: ClientBrowser[] = [];
  const closeAll = () => Promise.all(running.splice(0).map(one => one.close()));
  const launch = async (executable: string | undefined): Promise<ClientBrowser> => {
    const launched = await launchBrowser({ script, ...(executable === undefined ? {} : { executable }) });
    running.push(launched);
    return launched;
  };
  // Whatever a page waits for ends with its browser.
  signal.addEventListener('abort', closeAll, { once: true });
  try {
    const [first, second] = browser;
    const caller = await launch(first);
    const callee = second === undefined ? caller : await launch(second);
    return signal.aborted ? null : await use([caller, callee]);
  } catch (error) {
    // Of a browser that was closed on purpose nothing else is to be expected.
    if (signal.aborted) return null;
    throw error;
  } finally {
    signal.removeEventListener('abort', closeAll);
    await closeAll();
  }
}
