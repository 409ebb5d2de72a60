import type { TimelineEvent } from '../model/call-record.ts';
import type { Gathering } from '../model/coldstart.ts';

/** What one gathering came to. */
export function summarizeGathering(uris: readonly string[], events: readonly TimelineEvent[]): Gathering {
  const relay = events.find(({ kind, type }) => kind === 'candidate' && type === 'relay');
  const errors = events
    .filter(({ kind }) => kind === 'candidate-error')
    .map(({ url, code, message }) => ({ url: String(url), code: Number(code), message: String(message) }));
  return {
    uris,
    relayMs: relay?.atMs ?? null,
    completeMs: events.find(({ kind }) => kind === 'gathered')?.atMs ?? null,
    // One for each interface is no news.
    errors: errors.filter(
      ({ url, code }, index) => errors.findIndex(other => other.url === url && other.code === code) === index,
    ),
    events,
  };
}
