import { boundedHost } from '../host/bounded.ts';
import type { Host } from '../host/host.ts';
import { type Fact, unknown } from '../model/fact.ts';
import type { Collector } from './collectors.ts';

/** What a collector came to. */
export interface Collected extends Pick<Collector, 'path' | 'what' | 'how'> {
  readonly text: Fact<string>;
  readonly ms: number;
}

/** How long one collector may take, and by which clock. */
export interface CollectLimits {
  readonly eachMs: number;
  readonly signal: AbortSignal;
  monotonic(): number;
  schedule(ms: number, action: () => void): () => void;
}

/** Runs all collectors at once. One that fails, or takes too long, costs what it would have told. */
export async function collectAll(
  host: Host,
  collectors: readonly Collector[],
  limits: CollectLimits,
): Promise<readonly Collected[]> {
  const bounded = boundedHost(host, limits);
  return Promise.all(
    collectors.map(async ({ path, what, how, collect }) => {
      const started = limits.monotonic();
      const text = await inTime(collect(bounded), limits);
      return { path, what, how, text, ms: Math.round(limits.monotonic() - started) };
    }),
  );
}

async function inTime(collecting: Promise<Fact<string>>, limits: CollectLimits): Promise<Fact<string>> {
  let cancel = () => {};
  const late = new Promise<Fact<string>>(resolve => {
    const reason = `it took longer than ${limits.eachMs / 1000} s`;
    cancel = limits.schedule(limits.eachMs + GRACE_MS, () => resolve(unknown(reason)));
  });
  try {
    return await Promise.race([collecting, late]);
  } finally {
    cancel();
  }
}

/** A program that is ended in time says so by itself. */
const GRACE_MS = 500;
