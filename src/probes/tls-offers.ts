import type { Offer, WeakSuites } from '../model/observations/tls-survey.ts';
import type { Failure } from '../model/outcome.ts';
import type { Channel } from '../net/net.ts';
import {
  clientHello,
  dtlsClientHello,
  type HelloAnswer,
  type HelloVersion,
  readHelloAnswer,
} from '../net/tls-hello.ts';
import { type ProbeContext, remainingMs } from './conversation.ts';
import type { Destination } from './plan.ts';

/** A server that speaks TLS answers a ClientHello before it does anything else. */
const MOST_MS = 2000;
/** Of the whole wait; the first datagram may be lost. */
const DTLS_RESENDS_MS = [0, 250, 750];

/** Suites of TLS 1.2 and before that servers have, for either kind of key (RFC 5246 §A.5, RFC 8422, RFC 5288, RFC 7905). */
const COMMON: readonly number[] = [
  0xc02f, 0xc030, 0xc02b, 0xc02c, 0xcca8, 0xcca9, 0xc027, 0xc028, 0xc023, 0xc024, 0x009e, 0x009f, 0x009c,
  0x009d, 0x003c, 0x003d, 0xc014, 0xc013, 0xc00a, 0xc009, 0x0039, 0x0033, 0x0035, 0x002f, 0x000a, 0x0005,
];

/** Numbers of the IANA registry. */
export const WEAK_SUITES: Readonly<Record<WeakSuites, readonly number[]>> = {
  null: [0x0001, 0x0002, 0x003b, 0xc006, 0xc010, 0xc015],
  anonymous: [0x0018, 0x001b, 0x0034, 0x003a, 0x006c, 0x006d, 0x00a6, 0x00a7, 0xc017, 0xc018, 0xc019],
  export: [0x0003, 0x0006, 0x0008, 0x000b, 0x000e, 0x0011, 0x0014, 0x0017, 0x0019, 0x0062, 0x0064],
  rc4: [0x0004, 0x0005, 0x0066, 0xc002, 0xc007, 0xc00c, 0xc011],
  '3des': [0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0xc003, 0xc008, 0xc00d, 0xc012],
  'no-forward-secrecy': [0x009c, 0x009d, 0x003c, 0x003d, 0x0035, 0x002f, 0x0041, 0x0084, 0xc09c, 0xc09d],
};

/** What a server says to a ClientHello with one version and these suites alone, over a connection of its own. */
export async function offer(
  { version, suites = COMMON }: { readonly version: HelloVersion; readonly suites?: readonly number[] },
  to: Destination,
  context: ProbeContext,
): Promise<Offer> {
  const opening = await context.net.open({
    transport: 'tcp',
    server: to.server,
    name: to.uri.host,
    timeoutMs: remainingMs(context),
    signal: context.signal,
  });
  if ('failure' in opening)
    return opening.failure.outcome === 'no-response' ? { answer: 'silent' } : { answer: 'refused' };
  const { channel } = opening;
  const hello = clientHello({ version, suites, serverName: to.uri.host });
  const answer = await firstAnswer(channel, 'tls', context, () => channel.send(hello));
  channel.close();
  if (answer === undefined) return { answer: 'silent' };
  if ('outcome' in answer) return { answer: 'refused' };
  if (answer.kind === 'alert') return { answer: 'refused', alert: answer.description };
  const taken = answer.kind === 'server-hello' && answer.version === version && suites.includes(answer.suite);
  return taken ? { answer: 'taken', suite: answer.suite } : { answer: 'refused' };
}

/** Whether DTLS is spoken over UDP, as far as the first flight tells. */
export async function offerDtls(
  to: Destination,
  context: ProbeContext,
): Promise<{ outcome: 'answered'; with: string; sentBytes: number; receivedBytes: number } | Failure> {
  const opening = await context.net.open({
    transport: 'udp',
    server: to.server,
    name: to.uri.host,
    timeoutMs: remainingMs(context),
    signal: context.signal,
  });
  if ('failure' in opening) return opening.failure;
  const { channel } = opening;
  const hello = dtlsClientHello({ suites: COMMON, serverName: to.uri.host });
  let requestsSent = 0;
  const send = () => {
    requestsSent += 1;
    channel.send(hello);
  };
  let receivedBytes = 0;
  const cancels: (() => void)[] = [];
  const answer = await firstAnswer(
    channel,
    'dtls',
    context,
    () => cancels.push(...DTLS_RESENDS_MS.map(ms => context.clock.schedule(ms, send))),
    bytes => {
      receivedBytes += bytes.length;
    },
  );
  for (const cancel of cancels) cancel();
  channel.close();
  if (answer === undefined) return { outcome: 'no-response', requestsSent, waitedMs: waitMs(context) };
  if ('outcome' in answer) return answer;
  if (answer.kind === 'no-tls') return { outcome: 'invalid-response', problem: 'the answer is no DTLS' };
  return { outcome: 'answered', with: wordOf(answer), sentBytes: hello.length, receivedBytes };
}

function wordOf(answer: HelloAnswer): string {
  if (answer.kind === 'alert') return `alert ${answer.description}`;
  return answer.kind === 'server-hello' ? 'ServerHello' : 'HelloVerifyRequest';
}

const waitMs = (context: ProbeContext): number => Math.min(MOST_MS, remainingMs(context));

/** The beginning of the answer, the failure that came in its place, or undefined after silence. */
function firstAnswer(
  channel: Channel,
  over: 'tls' | 'dtls',
  context: ProbeContext,
  start: () => void,
  onBytes: (bytes: Uint8Array) => void = () => {},
): Promise<HelloAnswer | Failure | undefined> {
  const { clock, signal } = context;
  return new Promise(resolve => {
    const end = (answer: HelloAnswer | Failure | undefined) => {
      cancel();
      signal.removeEventListener('abort', interrupt);
      resolve(answer);
    };
    const interrupt = () => end(undefined);
    const cancel = clock.schedule(waitMs(context), interrupt);
    signal.addEventListener('abort', interrupt, { once: true });
    let received = new Uint8Array(0);
    channel.receive({
      bytes: bytes => {
        onBytes(bytes);
        received = Uint8Array.from([...received, ...bytes]);
        const answer = readHelloAnswer(received, over);
        if (answer) end(answer);
      },
      failed: end,
    });
    start();
  });
}
