/** The page of `turnctl client serve`, for a person's own browser. Bundled into `dist/client-page.html`. */
import { createTurnClient, describeEvent, type TurnCredentials } from '../../client/index.ts';
import { drawCall, sayPhase } from './call-view.ts';
import { byId } from './element.ts';
import { type CallState, LiveCall } from './live-call.ts';
import { enterRoom, signallingInPage } from './signalling.ts';
import { relayMs, rowOf, testUris, type UriTest } from './test-uris.ts';
import { drawTests, progress, summary } from './test-view.ts';
import { drawTimeline, legend } from './timeline.ts';

/** As `pageserver/server.ts` answers. */
interface Setup {
  readonly version: string;
  readonly target: string;
  readonly uris: readonly string[];
  readonly link: string | null;
}

const status = byId('status');
const say = (text: string): void => {
  if (status.textContent !== text) status.textContent = text;
};

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(path);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? `${path}: ${response.status}`);
  return body as T;
}

const credentials = (): Promise<TurnCredentials> => ask('credentials');
const client = createTurnClient({ credentials, log: null });

let setup: Setup | undefined;
let tests: readonly UriTest[] = [];
let loop: CallState | null = null;
let distant: CallState | null = null;

byId('legend').replaceWith(legend());

/** Only the test itself is announced: calls say in their own place how they stand. */
async function runTest(): Promise<void> {
  const button = byId('test') as HTMLButtonElement;
  button.disabled = true;
  byId('results').hidden = false;
  say('Testing…');
  const startedMs = performance.now();
  let drawing = true;
  const draw = (): void => {
    const now = performance.now() - startedMs;
    const isOver = tests.every(({ endMs }) => endMs !== null);
    drawTimeline(byId('timeline'), tests.map(rowOf), isOver ? 0 : now);
    if (drawing && !isOver) requestAnimationFrame(draw);
  };
  try {
    setup ??= await ask<Setup>('setup');
    const { uris } = setup;
    tests = uris.map(uri => ({ uri, events: [], endMs: null, isGivenUp: false }));
    drawTests(byId('uris'), tests);
    draw();
    let isCalling = false;
    await testUris(uris, await credentials(), next => {
      tests = next;
      drawTests(byId('uris'), tests);
      say(progress(tests));
      if (isCalling || next.every(test => relayMs(test) === null)) return;
      // A URL that is silent for 40 s need not be waited for.
      isCalling = true;
      callInPage();
    });
    say(summary(tests));
  } catch (error) {
    say(`The test could not be made: ${error instanceof Error ? error.message : error}`);
  } finally {
    drawing = false;
    if (tests.length > 0) draw();
    button.disabled = false;
    button.textContent = 'Test again';
    byId('report').hidden = false;
  }
}

let endLoop = (): void => {};

/** Both sides in this page, through the relay: the whole way of a call, without anybody else. */
function callInPage(): void {
  endLoop();
  byId('loop').hidden = false;
  const [here, there] = signallingInPage();
  const callee = new LiveCall(() => {});
  const caller = new LiveCall(state => {
    loop = state;
    drawCall(byId('loop-phase'), byId('loop-state'), state);
  });
  endLoop = () => {
    caller.end();
    callee.end();
  };
  byId('loop-end').onclick = endLoop;
  void callee.start(client, there, false, 'relay');
  void caller.start(client, here, true, 'relay');
}

/** With the page in another tab or on another device; waits for it, and calls again whenever it comes back. */
function callOther(): void {
  const button = byId('join') as HTMLButtonElement;
  const place = byId('distant-state');
  const note = (text: string): void => {
    sayPhase(byId('distant-phase'), text);
    place.replaceChildren();
  };
  let call: LiveCall | undefined;
  note('Connecting to turnctl…');
  const leave = enterRoom({
    onWaiting() {
      call?.end();
      note('Waiting: open this page on the other device, and press the same button there.');
    },
    onFull() {
      note('Two others are in a call already.');
      reset();
    },
    onMeeting(signalling, calls) {
      call?.end();
      const next = new LiveCall(state => {
        if (call !== next) return;
        distant = state;
        byId('report').hidden = false;
        drawCall(byId('distant-phase'), place, state);
      });
      call = next;
      void next.start(
        client,
        signalling,
        calls,
        (byId('relay-only') as HTMLInputElement).checked ? 'relay' : 'all',
      );
    },
    onLost() {
      if (call === undefined) note('turnctl does not answer. Is it still running?');
    },
  });
  const reset = (): void => {
    button.textContent = 'Start';
    button.onclick = callOther;
  };
  button.textContent = 'End';
  button.onclick = () => {
    leave();
    call?.end();
    if (!call) note('Ended.');
    reset();
  };
}

/** Holds no credential: events and candidates name URIs, addresses and times. */
function report(): object {
  const ofCall = (state: CallState | null) =>
    state && { ...state, events: state.events, lines: state.events.map(describeEvent) };
  return {
    tool: { name: 'turnctl', version: setup?.version ?? '' },
    command: 'client serve',
    observedAt: new Date().toISOString(),
    target: setup?.target ?? '',
    browser: navigator.userAgent,
    summary: tests.length > 0 ? summary(tests) : null,
    gatherings: tests.map(test => ({ ...test, relayMs: relayMs(test) })),
    loop: ofCall(loop),
    call: ofCall(distant),
  };
}

async function copyReport(): Promise<void> {
  const text = JSON.stringify(report(), null, 2);
  try {
    await navigator.clipboard.writeText(text);
    byId('report-state').textContent = 'Copied.';
  } catch {
    // Without HTTPS a browser has no clipboard for pages: the person can take it from here.
    const area = byId('report-text') as HTMLTextAreaElement;
    area.value = text;
    byId('report-area').hidden = false;
    area.select();
    byId('report-state').textContent = 'Select the text and copy it.';
  }
}

async function sendReport(): Promise<void> {
  const place = byId('report-state');
  try {
    const response = await fetch('report', { method: 'POST', body: JSON.stringify(report()) });
    place.textContent = response.ok ? 'Sent to turnctl.' : `turnctl did not take it (${response.status}).`;
  } catch {
    place.textContent = 'turnctl does not answer. Is it still running?';
  }
}

async function open(): Promise<void> {
  setup = await ask<Setup>('setup');
  byId('target').textContent = setup.target;
  byId('version').textContent = setup.version;
  const { link } = setup;
  if (link === null) {
    byId('no-link').hidden = false;
    return;
  }
  byId('link-text').textContent = link;
  (byId('qr') as HTMLImageElement).src = 'qr.svg';
  byId('link').hidden = false;
}

byId('test').onclick = () => void runTest();
byId('join').onclick = callOther;
byId('copy').onclick = () => void copyReport();
byId('send').onclick = () => void sendReport();
window.addEventListener('resize', () => {
  if (tests.length > 0) drawTimeline(byId('timeline'), tests.map(rowOf), 0);
});
open().catch(() => say('turnctl does not answer. Is it still running?'));
