import { html } from './element.ts';
import { plainError, time } from './plain-words.ts';
import { relayMs, type Seen, type UriTest } from './test-uris.ts';

/** Each URI with what it gave, in words. */
export function drawTests(place: Element, tests: readonly UriTest[]): void {
  place.replaceChildren(...tests.map(card));
}

function card(test: UriTest): HTMLElement {
  const [kind, words] = outcome(test);
  const lines = oneOfEach(test.events.flatMap(inWords));
  return html(
    'li',
    { class: 'card' },
    html('h3', { class: 'uri' }, test.uri),
    html('p', { class: `badge ${kind}` }, words),
    ...(lines.length > 0
      ? [
          html(
            'ol',
            { class: 'events' },
            ...lines.map(({ atMs, text }) => html('li', {}, html('b', {}, time(atMs)), ' ', text)),
          ),
        ]
      : []),
  );
}

/** How it stands, as the class of its badge and the words on it. */
export function outcome(test: UriTest): readonly [kind: 'good' | 'bad' | 'busy', words: string] {
  const ms = relayMs(test);
  if (ms !== null) {
    const isOpen = test.endMs !== null && test.endMs - ms > 2_000;
    return ['good', `Works: relay after ${time(ms)}${isOpen ? ', the end of gathering much later' : ''}`];
  }
  if (test.endMs === null) return ['busy', 'Waiting for an answer…'];
  return ['bad', test.isGivenUp ? `No relay in ${time(test.endMs)}` : 'No relay'];
}

interface Line {
  readonly atMs: number;
  readonly text: string;
}

function inWords(event: Seen): Line[] {
  const { atMs } = event;
  if (event.kind === 'candidate-error') return [{ atMs, text: plainError(event.code, event.message) }];
  if (event.kind === 'gathered') return [{ atMs, text: 'Gathering complete' }];
  if (event.kind !== 'candidate') return [];
  const over = event.relayProtocol ? ` over ${event.relayProtocol.toUpperCase()}` : '';
  return [
    { atMs, text: `${kindOf(event.type)} candidate ${event.address ?? ''}${over}`.replaceAll('  ', ' ') },
  ];
}

const kindOf = (type: string): string => `${type.slice(0, 1).toUpperCase()}${type.slice(1)}`;

/** A browser says an error once for each of its network interfaces. */
const oneOfEach = (lines: readonly Line[]): Line[] =>
  lines.filter((line, index) => lines.findIndex(({ text }) => text === line.text) === index);

/** The result of all of them in one sentence. */
export function summary(tests: readonly UriTest[]): string {
  const good = tests.filter(test => relayMs(test) !== null).length;
  if (tests.length === 1) return good === 1 ? 'The way to the server works.' : 'The server gives no relay.';
  if (good === tests.length) return `All ${good} ways work.`;
  return good === 0 ? 'None of the ways works.' : `${good} of ${tests.length} ways work.`;
}

/** How far it is, and why it takes so long where it does. */
export function progress(tests: readonly UriTest[]): string {
  const done = tests.filter(({ endMs }) => endMs !== null).length;
  return done === 0
    ? 'Testing…'
    : `Testing… ${done} of ${tests.length} done. A way that stays silent takes the browser 40 s.`;
}
