import type { CallRecord } from '../model/call-record.ts';
import type { Scenario } from '../model/scenario.ts';
import type { ClientBrowser, ClientPage, PageCredentials } from './browser.ts';

export interface CallsOptions {
  readonly scenario: Scenario;
  /** The browser that calls and the one that answers; the same one will do. */
  readonly browsers: readonly [caller: ClientBrowser, callee: ClientBrowser];
  /** Asked anew for each side and call, as clients do. */
  readonly credentials: () => PageCredentials;
  /** Calls in one pair of pages: the first is a first call, the others find everything cached. */
  readonly calls: number;
  readonly signal: AbortSignal;
  /** Told, and waited for, after each call. */
  readonly onCall?: (record: CallRecord) => Promise<void>;
}

/** Opens two fresh pages, calls from one to the other, and closes them. */
export async function callInFreshPages(options: CallsOptions): Promise<readonly CallRecord[]> {
  const { browsers, scenario, credentials, calls, signal } = options;
  const pages = await Promise.all(browsers.map(browser => browser.openPage()));
  const [caller, callee] = pages as [ClientPage, ClientPage];
  const records: CallRecord[] = [];
  try {
    caller.onSend(text => void callee.take(text).catch(() => {}));
    callee.onSend(text => void caller.take(text).catch(() => {}));
    const sideOf = (isCaller: boolean) => ({ scenario, calls: isCaller, credentials: credentials() });
    await Promise.all([caller.open(sideOf(true)), callee.open(sideOf(false))]);
    for (let ordinal = 1; ordinal <= calls && !signal.aborted; ordinal++) {
      const [a, b] = await Promise.all([caller.call(sideOf(true)), callee.call(sideOf(false))]);
      const record = { scenario: scenario.name, ordinal, caller: a, callee: b };
      records.push(record);
      await options.onCall?.(record);
    }
    return records;
  } finally {
    await Promise.all(pages.map(page => page.close().catch(() => {})));
  }
}
