import type { ClientEvent, FailureCause } from './events.ts';

/** Why nothing came of a call, from all that happened: the first thing that was missing. */
export function causeOf(events: readonly ClientEvent[]): {
  readonly cause: FailureCause;
  readonly message: string;
} {
  const has = (test: (event: ClientEvent) => boolean): boolean => events.some(test);
  const relayOf = (side: 'local' | 'remote') =>
    has(e => e.kind === 'candidate' && e.side === side && e.type === 'relay');
  if (has(e => e.kind === 'credentials-failed') && !has(e => e.kind === 'peer')) {
    return { cause: 'no-credentials', message: 'the credential endpoint gave none' };
  }
  if (has(e => e.kind === 'connected')) {
    return { cause: 'lost', message: 'the connection broke, and no restart brought it back' };
  }
  if (!has(e => e.kind === 'received')) {
    return { cause: 'no-answer', message: 'no description of the other side came' };
  }
  if (!relayOf('local')) {
    const [error] = events.filter(e => e.kind === 'candidate-error');
    const said = error ? ` (${error.url}: ${error.code} ${error.message})` : '';
    return { cause: 'no-local-relay', message: `no relay candidate on this side${said}` };
  }
  if (!relayOf('remote')) {
    return { cause: 'no-remote-relay', message: 'the other side sent no relay candidate' };
  }
  return { cause: 'no-path', message: 'both sides have relay candidates, and no pair of them works' };
}
