import type { CallRecord, TimelineEvent } from '../model/call-record.ts';
import type { ClientRun, Coldstart } from '../model/coldstart.ts';
import type { Report } from '../model/report.ts';
import { largestGap } from '../rules/timeline.ts';
import { duration } from '../util/duration.ts';
import { renderColdstart } from './coldstart.ts';
import { styleOf } from './style.ts';

const WIDTH = 960;
const LEFT = 90;
const LANE = 46;

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #667; --line: #d5d9e0; --back: #fff;
  --relay: #0b7a3e; --other: #8a94a6; --sent: #1f5fbf; --bad: #c02020; --good: #0b7a3e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaee; --dim: #99a; --line: #3a404a; --back: #14171b;
  --relay: #46c97e; --other: #778; --sent: #6ea8ff; --bad: #ff6b6b; --good: #46c97e; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); margin: 2rem auto; max-width: 1000px; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
pre { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; padding: 1rem; }
.findings { padding-left: 1.2rem; } .dim { color: var(--dim); }
figure { margin: 1rem 0; } figcaption { margin-bottom: .25rem; }
svg { width: 100%; height: auto; display: block; } text { fill: var(--ink); font: 12px system-ui, sans-serif; }
.lane { stroke: var(--line); stroke-width: 2; } .gap { stroke: var(--bad); stroke-width: 8; opacity: .25; stroke-linecap: round; }
.tick { fill: var(--dim); font-size: 10px; } .wait { fill: var(--bad); font-size: 11px; }
.legend { color: var(--dim); font-size: .85rem; } .legend span { margin-right: 1.2rem; white-space: nowrap; }
.legend i { display: inline-block; width: .7em; height: .7em; border-radius: 50%; margin-right: .35em; }`;

/** What the colours of the dots are. */
const LEGEND: readonly (readonly [color: string, meaning: string])[] = [
  ['--relay', 'relay candidate, connected'],
  ['--sent', 'description sent or received'],
  ['--other', 'other candidates, states'],
  ['--bad', 'errors'],
];

/** Less is no wait that anybody notices. */
const NOTICED_MS = 1_000;

/** How an event is drawn; those without a colour are left out. */
function markOf(event: TimelineEvent): { readonly color: string; readonly label: string } | undefined {
  switch (event.kind) {
    case 'credentials':
      return { color: '--other', label: 'credentials' };
    case 'candidate': {
      const relay = event.type === 'relay';
      const whose = event.side === 'local' ? '' : 'remote ';
      return { color: relay ? '--relay' : '--other', label: `${whose}${event.type} candidate` };
    }
    case 'candidate-error':
      return { color: '--bad', label: `${event.code} ${event.url}` };
    case 'candidate-dropped':
      return { color: '--bad', label: `${event.type} candidate thrown away` };
    case 'gathered':
      return { color: '--other', label: 'gathering complete' };
    case 'sent':
      return { color: '--sent', label: `${event.type} sent, ${event.relayCandidates} relay candidates` };
    case 'received':
      return { color: '--sent', label: `${event.type} received` };
    case 'restart':
      return { color: '--bad', label: `ICE restart: ${event.why}` };
    case 'connected':
      return { color: '--good', label: `connected via ${event.via}` };
    case 'problem':
      return { color: '--bad', label: String(event.message) };
    case 'failed':
      return { color: '--bad', label: `failed: ${event.message}` };
    case 'state':
      return event.state === 'checking' || event.state === 'disconnected' || event.state === 'failed'
        ? { color: '--other', label: `ICE ${event.state}` }
        : undefined;
    default:
      return undefined;
  }
}

/** One call: a lane for each side, time from left to right, all events as dots with their words as tooltips. */
function drawCall(record: CallRecord, endMs: number): string {
  const x = (ms: number): number => LEFT + ((WIDTH - LEFT - 20) * ms) / endMs;
  const lanes = (['caller', 'callee'] as const).map((name, row) => {
    const y = 24 + row * LANE;
    const marks = record[name].events.flatMap(event => {
      const mark = markOf(event);
      if (!mark) return [];
      const words = `${mark.label} at ${Math.round(event.atMs)} ms`;
      return [
        `<circle cx="${x(event.atMs).toFixed(1)}" cy="${y}" r="5" style="fill:var(${mark.color})"><title>${escapeHtml(words)}</title></circle>`,
      ];
    });
    const { connectedMs } = record[name];
    const gap = largestGap(record[name]);
    const waitedMs = gap ? gap.toMs - gap.fromMs : 0;
    const wait =
      gap && waitedMs > NOTICED_MS
        ? `<line class="gap" x1="${x(gap.fromMs).toFixed(1)}" x2="${x(gap.toMs).toFixed(1)}" y1="${y}" y2="${y}"/><text class="wait" text-anchor="middle" x="${x((gap.fromMs + gap.toMs) / 2).toFixed(1)}" y="${y - 9}">${duration(waitedMs)} in which nothing happens</text>`
        : '';
    const end =
      connectedMs === null
        ? []
        : [
            `<text text-anchor="end" x="${Math.max(x(connectedMs), LEFT + 60).toFixed(1)}" y="${y + 20}">data after ${duration(connectedMs)}</text>`,
          ];
    return `<line class="lane" x1="${LEFT}" x2="${WIDTH - 20}" y1="${y}" y2="${y}"/>${wait}<text x="0" y="${y + 4}">${name}</text>${marks.join('')}${end.join('')}`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    part =>
      `<text class="tick" text-anchor="${part === 1 ? 'end' : 'start'}" x="${x(part * endMs).toFixed(1)}" y="${24 + 2 * LANE}">${duration(part * endMs)}</text>`,
  );
  const result =
    record.caller.connectedMs === null
      ? 'did not connect'
      : `connected after ${duration(record.caller.connectedMs)}`;
  const name = `${record.scenario} client, call ${record.ordinal}: ${result}`;
  return `<figure><figcaption class="dim">${escapeHtml(name)}</figcaption><svg viewBox="0 0 ${WIDTH} ${32 + 2 * LANE}" role="img" aria-label="${escapeHtml(name)}">${lanes.join('')}${ticks.join('')}</svg></figure>`;
}

const lastOf = ({ caller, callee }: CallRecord): number =>
  Math.max(
    ...[caller, callee].flatMap(({ events, connectedMs }) => [connectedMs ?? 0, events.at(-1)?.atMs ?? 0]),
  );

const BAR = 34;

/** First calls of each client on one scale: what a person waits, for the call or until it is given up. */
function drawOverview(runs: readonly ClientRun[]): string {
  const waits = runs.map(({ scenario, first }) => first.medianMs ?? scenario.giveUpMs);
  const longestMs = Math.max(1, ...waits);
  const bars = runs.map(({ scenario, first }, row) => {
    const y = row * BAR;
    const waitMs = waits[row] ?? 0;
    const width = Math.max(3, ((WIDTH - 500) * waitMs) / longestMs);
    const share = first.connected === first.calls ? '' : `, ${first.connected} of ${first.calls} connect`;
    const words =
      first.medianMs === null
        ? `given up after ${duration(waitMs)}, ${first.connected} of ${first.calls} connect`
        : `${duration(waitMs)}${share}`;
    const color = share === '' && waitMs <= NOTICED_MS ? '--good' : '--bad';
    return `<text x="0" y="${y + 20}">${escapeHtml(scenario.name.slice(0, 40))}</text><rect x="240" y="${y + 6}" width="${width.toFixed(1)}" height="20" rx="4" style="fill:var(${color})"/><text x="${(248 + width).toFixed(1)}" y="${y + 20}">${words}</text>`;
  });
  return `<figure><figcaption class="dim">From "call" to the first data, first calls, median</figcaption><svg viewBox="0 0 ${WIDTH} ${runs.length * BAR}" role="img" aria-label="how long first calls take">${bars.join('')}</svg></figure>`;
}

/** Each run with a scale of its own: beside 40 s a call of 200 ms would be a dot. */
function drawRun({ scenario, records }: ClientRun): string {
  const endMs = Math.max(1, ...records.map(lastOf));
  return `<section><h2>${escapeHtml(scenario.name)} client</h2>${records.map(record => drawCall(record, endMs)).join('')}</section>`;
}

/** The timelines of all calls side by side, as one page that needs nothing else. */
export function renderTimelines({ verdict, target, observedAt, checks, coldstart }: Report): string {
  const runs: readonly ClientRun[] = coldstart?.runs ?? [];
  const causes = checks.filter(({ id, severity }) => verdict.causes.includes(id) && severity !== 'info');
  const table = coldstart ? tableOf(coldstart) : 'no call was made';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>turnctl coldstart: ${escapeHtml(target.uri ?? target.host)}</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(verdict.headline)}</h1>
<p class="dim">turnctl coldstart ${escapeHtml(target.uri ?? target.host)}, ${escapeHtml(observedAt)}</p>
${runs.length > 0 ? drawOverview(runs) : ''}
<ul class="findings">${causes.map(({ id, findings: [finding] }) => `<li><b>${escapeHtml(id)}</b>: ${escapeHtml(finding?.message ?? '')}</li>`).join('')}</ul>
<pre>${escapeHtml(table)}</pre>
<p class="legend">${LEGEND.map(([color, meaning]) => `<span><i style="background:var(${color})"></i>${meaning}</span>`).join('')}</p>
${runs.map(drawRun).join('\n')}
</body></html>
`;
}

const tableOf = (coldstart: Coldstart): string =>
  renderColdstart(coldstart, 100, styleOf({ color: false, width: 100, unicode: true })).join('\n');
