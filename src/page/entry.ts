/** What runs in a page that turnctl drives: one side of one call, by a scenario. Bundled into `dist/page.js`. */
import type { Signal } from '../client/call.ts';
import type { TurnCredentials } from '../client/credential-cache.ts';
import type { ClientEvent, Happening } from '../client/events.ts';
import { createTurnClient, type TurnClient } from '../client/index.ts';
import type { CallSide } from '../model/call-record.ts';
import type { Scenario } from '../model/scenario.ts';
import { type GatherOptions, gather } from './gather.ts';
import { NaiveCall } from './naive-call.ts';
import type { PageSide } from './side.ts';

export interface SideOptions {
  readonly scenario: Scenario;
  readonly calls: boolean;
  readonly credentials: TurnCredentials;
}

/** What the driver calls in the page, and what the page calls outside. */
export interface TurnctlPage {
  /** The start of the application; with the reference client it warms up. */
  open(options: SideOptions): Promise<void>;
  /** One call; resolves when data has come back, or when it is given up. */
  call(options: SideOptions): Promise<CallSide>;
  /** A signal of the other side, as JSON. */
  take(text: string): void;
  /** Gathers once with these URIs as they are; resolves at the end of it, or when it is given up. */
  gather(options: GatherOptions): Promise<readonly ClientEvent[]>;
}

declare global {
  interface Window {
    turnctlPage: TurnctlPage;
    /** Put there by the driver. */
    turnctlSend(text: string): Promise<void>;
  }
}

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));

let client: TurnClient | undefined;
let waiting: Signal[] = [];
let receiver: ((signal: Signal) => void) | undefined;

/** One client for the life of the page, as an application has it: its credentials are kept from call to call. */
function clientFor({ credentials, scenario }: SideOptions): TurnClient {
  client ??= createTurnClient({
    credentials: () => pause(scenario.credentialsMs).then(() => credentials),
    log: null,
  });
  return client;
}

async function call(options: SideOptions): Promise<CallSide> {
  const { scenario, calls, credentials } = options;
  const startedMs = performance.now();
  const events: ClientEvent[] = [];
  const log = (happening: Happening): void => {
    events.push({ ...happening, atMs: performance.now() - startedMs });
  };
  let heard = () => {};
  const echoed = new Promise<number>(done => {
    heard = () => done(performance.now() - startedMs);
  });
  const side: PageSide = {
    calls,
    credentials,
    send: signal => void pause(scenario.signallingMs).then(() => window.turnctlSend(JSON.stringify(signal))),
    receive(next) {
      receiver = next;
      for (const signal of waiting.splice(0)) next(signal);
    },
    attach: peer => attachChannel(peer, calls, heard),
  };
  const given = pause(scenario.giveUpMs).then(() => null);
  const starting =
    scenario.client === 'reference'
      ? reference(options, side, events, startedMs)
      : naive(scenario, side, log);
  // A browser refuses a list of servers with one bad URL in it: that is the end of this call, and what was to be seen.
  const started = await starting.catch((error: unknown) => {
    log({ kind: 'problem', message: String(error) });
    return null;
  });
  const connectedMs = started && (await Promise.race([echoed, given, started.failed]));
  if (connectedMs === null) log({ kind: 'failed', cause: 'no-path', message: 'nothing came over the call' });
  // The other side may still wait for the last of it. Closed before the page is, so that the server gets its allocations back.
  await pause(250);
  const via = events.findLast(event => event.kind === 'connected')?.via ?? null;
  started?.close();
  receiver = undefined;
  return { events: events as CallSide['events'], connectedMs, via };
}

interface Started {
  close(): void;
  /** Resolves with null when it came to nothing; never before. */
  readonly failed: Promise<null>;
}

async function naive(
  scenario: Scenario,
  side: PageSide,
  log: (happening: Happening) => void,
): Promise<Started> {
  const naiveCall = new NaiveCall(scenario, side, log);
  await naiveCall.start();
  return { close: () => naiveCall.close(), failed: new Promise(() => {}) };
}

async function reference(
  options: SideOptions,
  side: PageSide,
  events: ClientEvent[],
  startedMs: number,
): Promise<Started> {
  const { scenario, calls } = options;
  const started = await clientFor(options).call(
    { send: signal => side.send(signal), receive: take => side.receive(take) },
    {
      polite: !calls,
      trickle: scenario.trickle,
      policy: scenario.policy,
      onEvent: event => events.push({ ...event, atMs: performance.now() - startedMs }),
    },
  );
  side.attach(started.peer);
  const failed = started.connected.then(
    () => new Promise<never>(() => {}),
    () => null,
  );
  return { close: () => started.close(), failed };
}

/** What the caller says comes back: the call carries data both ways. */
function attachChannel(peer: RTCPeerConnection, calls: boolean, heard: () => void): void {
  if (!calls) {
    peer.addEventListener('datachannel', ({ channel }) => {
      channel.onmessage = ({ data }) => {
        channel.send(data);
        heard();
      };
    });
    return;
  }
  const channel = peer.createDataChannel('call');
  channel.onopen = () => channel.send('hello');
  channel.onmessage = heard;
}

window.turnctlPage = {
  gather: options => gather(options),
  async open(options) {
    waiting = [];
    if (options.scenario.client === 'reference') await clientFor(options).warmUp();
  },
  call,
  take(text) {
    const signal = JSON.parse(text) as Signal;
    if (receiver) receiver(signal);
    else waiting.push(signal);
  },
};
