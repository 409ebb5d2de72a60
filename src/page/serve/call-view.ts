import { html, svg } from './element.ts';
import type { CallState } from './live-call.ts';
import { time } from './plain-words.ts';

const PHASES: Readonly<Record<CallState['phase'], string>> = {
  connecting: 'Connecting…',
  connected: 'Connected',
  lost: 'Interrupted, mending…',
  failed: 'Failed',
  ended: 'Ended',
};

/** Says how the call stands: a place of its own, which is announced when it changes. */
export function sayPhase(place: Element, words: string, kind = ''): void {
  if (place.textContent !== words) place.textContent = words;
  place.className = `phase ${kind}`;
}

/** The call as a person reads it; the numbers change all the time and are therefore not announced. */
export function drawCall(phasePlace: Element, place: Element, state: CallState): void {
  const { phase, connectedMs, via, pair, rttMs, loss, recent, problem } = state;
  sayPhase(phasePlace, problem === null ? PHASES[phase] : `${PHASES[phase]}: ${problem}`, phase);
  const facts: [term: string, words: string][] = [
    ['Connected after', connectedMs === null ? '–' : time(connectedMs)],
    ['Way', via ?? '–'],
    ['Round trip', rttMs === null ? '–' : time(rttMs)],
    ['Loss', loss === null ? '–' : `${(loss * 100).toFixed(loss > 0 && loss < 0.1 ? 1 : 0)} %`],
  ];
  place.replaceChildren(
    html(
      'dl',
      { class: 'facts' },
      ...facts.map(([term, words]) => html('div', {}, html('dt', {}, term), html('dd', {}, words))),
    ),
    ...(recent.length > 1 ? [history(recent)] : []),
    ...(pair ? [html('p', { class: 'pair' }, `${pair[0]} `, html('span', {}, '⇄'), ` ${pair[1]}`)] : []),
  );
}

const WIDTH = 300;
const HEIGHT = 44;

function history(recent: readonly (number | null)[]): HTMLElement {
  const highest = Math.max(...recent.map(rttMs => rttMs ?? 0));
  const words = `The last ${recent.length} round trips, newest on the right; ${time(highest)} at most`;
  return html('figure', {}, sparkline(recent), html('figcaption', {}, words));
}

/** A lost message is a line from top to bottom. */
function sparkline(recent: readonly (number | null)[]): SVGElement {
  const highest = Math.max(1, ...recent.map(rttMs => rttMs ?? 0));
  const x = (index: number): number => WIDTH - (recent.length - 1 - index) * (WIDTH / 59);
  const y = (rttMs: number): number => HEIGHT - 4 - (rttMs / highest) * (HEIGHT - 12);
  const points = recent.flatMap((rttMs, index) => (rttMs === null ? [] : [`${x(index)},${y(rttMs)}`]));
  return svg(
    'svg',
    {
      class: 'sparkline',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    svg('polyline', { points: points.join(' ') }),
    ...recent.flatMap((rttMs, index) =>
      rttMs === null ? [svg('line', { class: 'gone', x1: x(index), x2: x(index), y1: 0, y2: HEIGHT })] : [],
    ),
  );
}
