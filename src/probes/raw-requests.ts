import type { Failure } from '../model/outcome.ts';
import { type ProbeContext, remainingMs } from './conversation.ts';
import type { Destination } from './plan.ts';

/** Bytes to be sent as they are, and how to know their answer. */
export interface RawRequest {
  readonly bytes: Uint8Array;
  /** The transaction id, which the answer repeats: 16 bytes from the fifth on, or fewer. */
  readonly id: Uint8Array;
}

/** When each is sent anew, in milliseconds after the first time. */
const SEND_AT_MS = [0, 200, 500];
const GIVE_UP_MS = 1000;

/** Sends datagrams from one socket, each up to three times, and returns the first answer to each; null for silence. */
export async function exchangeRaw(
  requests: readonly RawRequest[],
  to: Destination,
  context: ProbeContext,
): Promise<readonly (Uint8Array | null)[] | Failure> {
  const { net, clock, signal } = context;
  const opening = await net.open({
    transport: 'udp',
    server: to.server,
    name: to.uri.host,
    timeoutMs: remainingMs(context),
    signal,
  });
  if ('failure' in opening) return opening.failure;
  const { channel } = opening;
  const answers: (Uint8Array | null)[] = requests.map(() => null);
  let failure: Failure | undefined;
  try {
    await new Promise<void>(done => {
      channel.receive({
        bytes: bytes => {
          const index = requests.findIndex(({ id }) => Buffer.from(bytes).indexOf(id) === 20 - id.length);
          if (index >= 0) answers[index] ??= bytes;
          if (answers.every(answer => answer !== null)) done();
        },
        failed: why => {
          failure = why;
          done();
        },
      });
      const cancels = SEND_AT_MS.map(atMs =>
        clock.schedule(atMs, () => {
          requests.forEach(({ bytes }, index) => {
            if (answers[index] === null) channel.send(bytes);
          });
        }),
      );
      cancels.push(clock.schedule(Math.min(GIVE_UP_MS, remainingMs(context)), done));
      signal.addEventListener('abort', () => done(), { once: true });
    });
  } finally {
    channel.close();
  }
  return failure && answers.every(answer => answer === null) ? failure : answers;
}
