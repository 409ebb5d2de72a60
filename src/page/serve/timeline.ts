import { html, svg } from './element.ts';
import { time } from './plain-words.ts';

/** One URI, from its start to its end. */
export interface Row {
  readonly uri: string;
  readonly marks: readonly Mark[];
  /** Null as long as it goes on. */
  readonly endMs: number | null;
}

export interface Mark {
  readonly kind: 'relay' | 'other' | 'error';
  readonly atMs: number;
}

const ROW = 52;
const AXIS = 26;
const EDGE = 12;
/** Room for the result at the end of a row. */
const RESULT = 76;

/** Draws the rows over one axis of time, as wide as the figure is; `nowMs` is where unfinished rows end. */
export function drawTimeline(figure: Element, rows: readonly Row[], nowMs: number): void {
  const width = Math.max(260, Math.round(figure.clientWidth));
  const height = rows.length * ROW + AXIS;
  const lastMs = Math.max(100, nowMs, ...rows.map(row => (row.endMs ?? 0) * 1.04));
  const x = (ms: number): number => EDGE + (Math.min(ms, lastMs) / lastMs) * (width - 2 * EDGE);
  const picture = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-label': rows.map(inWords).join('; '),
  });
  for (const ms of ticks(lastMs, width)) {
    picture.append(
      svg('line', { class: 'grid', x1: x(ms), x2: x(ms), y1: 0, y2: height - AXIS }),
      svg('text', { class: 'tick', x: x(ms), y: height - 8, 'text-anchor': anchor(ms, lastMs) }, time(ms)),
    );
  }
  rows.forEach((row, index) => {
    const y = index * ROW + 36;
    picture.append(
      svg('text', { class: 'name', x: EDGE, y: y - 14 }, shortened(row.uri, width - RESULT)),
      svg('text', { class: 'result', x: width - EDGE, y: y - 14, 'text-anchor': 'end' }, resultOf(row)),
      svg('line', { class: 'track', x1: EDGE, x2: width - EDGE, y1: y, y2: y }),
      ...spans(row, nowMs).map(([kind, from, to]) =>
        svg('line', { class: `span ${kind}`, x1: x(from), x2: x(to), y1: y, y2: y }),
      ),
      ...row.marks.map(mark => markAt(mark.kind, x(mark.atMs), y)),
    );
  });
  figure.replaceChildren(picture);
}

/** A relay candidate is round and full, an error a cross, all others round and empty: the shape says it without the colour. */
function markAt(kind: Mark['kind'], x: number, y: number): SVGElement {
  if (kind !== 'error') return svg('circle', { class: `mark ${kind}`, cx: x, cy: y, r: 6 });
  return svg('path', { class: 'mark error', d: `M${x - 5} ${y - 5}l10 10m0-10l-10 10` });
}

/** What the marks mean. */
export function legend(): HTMLElement {
  const entry = (kind: Mark['kind'], words: string) =>
    html(
      'li',
      {},
      svg('svg', { width: 16, height: 16, viewBox: '0 0 16 16', 'aria-hidden': 'true' }, markAt(kind, 8, 8)),
      words,
    );
  return html(
    'ul',
    { class: 'legend' },
    entry('relay', 'relay candidate'),
    entry('other', 'other candidate'),
    entry('error', 'error'),
  );
}

function inWords({ uri, marks, endMs }: Row): string {
  const relay = marks.find(({ kind }) => kind === 'relay');
  if (relay) return `${uri}: relay candidate after ${time(relay.atMs)}`;
  return `${uri}: ${endMs === null ? 'nothing yet' : 'no relay candidate'}`;
}

/** Green is the time that a call waits for; what comes after it costs only those who wait for the end of gathering. */
function spans({ marks, endMs }: Row, nowMs: number): [kind: string, fromMs: number, toMs: number][] {
  const end = endMs ?? nowMs;
  const relay = marks.find(({ kind }) => kind === 'relay');
  const running = endMs === null ? 'running' : 'rest';
  if (!relay) return [[endMs === null ? 'running' : 'none', 0, end]];
  return [
    [running, relay.atMs, Math.max(end, relay.atMs)],
    ['good', 0, relay.atMs],
  ];
}

function resultOf({ marks, endMs }: Row): string {
  const relay = marks.find(({ kind }) => kind === 'relay');
  if (relay) return time(relay.atMs);
  return endMs === null ? '…' : 'no relay';
}

/** Round numbers, as many as there is room for. */
function ticks(lastMs: number, width: number): number[] {
  const most = Math.max(2, Math.floor(width / 90));
  const step =
    [50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000].find(ms => lastMs / ms <= most) ?? 60_000;
  return Array.from({ length: Math.floor(lastMs / step) + 1 }, (_, index) => index * step);
}

const anchor = (ms: number, lastMs: number): string =>
  ms === 0 ? 'start' : ms > lastMs * 0.95 ? 'end' : 'middle';

/** Where there is no room for all of a URI: without `?transport=`, then without its middle; scheme, port and transport stay. */
function shortened(uri: string, width: number): string {
  const room = Math.floor((width - 2 * EDGE) / 7.2);
  if (uri.length <= room) return uri;
  const short = uri.replace('?transport=', ' ');
  return short.length <= room ? short : `${short.slice(0, 8)}…${short.slice(-(room - 9))}`;
}
