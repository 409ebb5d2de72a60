import type { Observation } from '../model/observation.ts';
import type { Stage } from '../model/outcome.ts';
import type { Rendering } from '../model/report.ts';
import { formatAddress } from '../model/transport.ts';
import type { Style } from './style.ts';

/** Columns of the matrix, with the probe each stage is read from. */
const COLUMNS: readonly { head: string; stage: Stage; probe: Observation['probe'] }[] = [
  { head: 'dns', stage: 'dns', probe: 'dns' },
  { head: 'conn', stage: 'connect', probe: 'turn-allocate' },
  { head: 'tls', stage: 'tls', probe: 'turn-allocate' },
  { head: 'bind', stage: 'binding', probe: 'stun-binding' },
  { head: '401', stage: 'challenge', probe: 'turn-allocate' },
  { head: 'alloc', stage: 'allocate', probe: 'turn-allocate' },
  { head: 'in', stage: 'dataIn', probe: 'turn-data-path' },
  { head: 'out', stage: 'dataOut', probe: 'turn-data-path' },
];

/** The others are told in words. */
const IN_MATRIX: ReadonlySet<Observation['probe']> = new Set([
  ...COLUMNS.map(({ probe }) => probe),
  'tls-handshake',
]);

/** Stages that a handshake alone has, too. */
const OPENING: readonly Stage[] = ['connect', 'tls'];

const SHORT: Partial<Record<Observation['outcome'], string>> = {
  'no-response': 'silent',
  refused: 'refus.',
  unreachable: 'unrch.',
  'invalid-response': 'bad',
  'tls-failed': 'TLS!',
  closed: 'closed',
  unresolved: 'no name',
};

interface Cell {
  readonly text: string;
  readonly bad: boolean;
}

const NONE: Cell = { text: '-', bad: false };

const formatMs = (ms: number): string => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));

/** How a conversation failed, in at most seven characters: an error code, or a word. */
function failureCell(observation: Observation): Cell | undefined {
  if (observation.outcome === 'error-response') return { text: String(observation.code), bad: true };
  const text = SHORT[observation.outcome];
  return text === undefined ? undefined : { text, bad: true };
}

function legCell(
  observation: Extract<Observation, { probe: 'turn-data-path' }>,
  stage: Stage,
): Cell | undefined {
  if (observation.outcome !== 'complete') return undefined;
  const leg = stage === 'dataIn' ? observation.inbound : observation.outbound;
  if (leg.outcome === 'passed') return { text: formatMs(leg.ms), bad: false };
  if (leg.outcome === 'skipped') return NONE;
  if (leg.outcome === 'refused') return { text: String(leg.code), bad: true };
  return { text: leg.outcome === 'lost' ? 'lost' : 'source', bad: true };
}

/** One conversation per row: a URI at one address. */
interface Row {
  readonly label: string;
  readonly cells: readonly Cell[];
}

function rowOf(label: string, observations: readonly Observation[]): Row {
  let ended = false;
  const cells = COLUMNS.map(({ stage, probe }): Cell => {
    const observation =
      observations.find(
        o => o.probe === probe && !(o.probe === 'turn-allocate' && o.requestedTransport === 'tcp'),
      ) ?? observations.find(o => o.probe === 'tls-handshake' && OPENING.includes(stage));
    if (observation === undefined) return NONE;
    if (observation.probe === 'turn-data-path') return legCell(observation, stage) ?? NONE;
    const ms = observation.stagesMs[stage];
    if (ms !== undefined) return { text: formatMs(ms), bad: false };
    if (probe === 'turn-allocate' && ended) return NONE;
    const failed = failureCell(observation);
    if (failed !== undefined && reachedStage(observation, stage)) {
      if (probe === 'turn-allocate') ended = true;
      return failed;
    }
    return NONE;
  });
  return { label, cells };
}

/** Whether a failed conversation ended in this stage: the first it has no time for. */
function reachedStage(observation: Observation, stage: Stage): boolean {
  const order: readonly Stage[] =
    observation.probe === 'turn-allocate' || observation.probe === 'tls-handshake'
      ? [
          ...(observation.transport === 'udp' ? [] : (['connect'] as const)),
          ...(observation.transport === 'tls' ? (['tls'] as const) : []),
          'challenge',
          'allocate',
        ]
      : [stage];
  return order.find(s => observation.stagesMs[s] === undefined) === stage;
}

/** URL × address × stage; a cell is milliseconds, or the way the stage failed. Empty when nothing was probed. */
export function renderMatrix(
  observations: readonly Observation[],
  { width }: Rendering,
  style: Style,
): string[] {
  const groups = new Map<string, Observation[]>();
  for (const observation of observations) {
    if (!IN_MATRIX.has(observation.probe)) continue;
    if (observation.probe === 'dns' && observation.outcome === 'resolved') continue;
    const { server, transport, uri } = observation;
    const label = server === undefined ? uri : `${transport} ${formatAddress(server)}`;
    groups.set(label, [...(groups.get(label) ?? []), observation]);
  }
  if (groups.size === 0) return [];
  const rows = [...groups].map(([label, members]) => rowOf(label, withDns(members, observations)));
  const shown = COLUMNS.map((_, i) => i).filter(i => rows.some(row => row.cells[i]!.text !== '-'));
  const cellWidth = 7;
  const labelWidth = Math.max(
    12,
    Math.min(Math.max(...rows.map(row => row.label.length)), width - shown.length * cellWidth),
  );
  const head = `${''.padEnd(labelWidth)}${shown.map(i => COLUMNS[i]!.head.padStart(cellWidth)).join('')}  ms`;
  return [
    style.chalk.dim(head.length > width ? head.slice(0, -4) : head),
    ...rows.flatMap(row => {
      const cells = shown.map(i => {
        const cell = row.cells[i]!;
        const text = cell.text.padStart(cellWidth);
        return cell.bad ? style.severity('error', text) : text;
      });
      if (row.label.length <= labelWidth) return [`${row.label.padEnd(labelWidth)}${cells.join('')}`];
      return [row.label, `${''.padEnd(labelWidth)}${cells.join('')}`];
    }),
  ];
}

/** The name lookup belongs to every address it gave. */
function withDns(members: readonly Observation[], all: readonly Observation[]): Observation[] {
  const uri = members[0]?.uri;
  const dns = all.filter(o => o.probe === 'dns' && o.uri === uri);
  return [...dns.filter(o => !members.includes(o)), ...members];
}
