import type { CallStatistics, ClientRun, Coldstart } from '../model/coldstart.ts';
import { duration } from '../util/duration.ts';
import type { Style } from './style.ts';
import { wrap } from './text.ts';

const formatMs = (ms: number | null): string => (ms === null ? '-' : duration(ms));

const times = ({ medianMs, p95Ms, calls }: CallStatistics): string =>
  medianMs === null ? '-' : calls > 2 ? `${formatMs(medianMs)} (p95 ${formatMs(p95Ms)})` : formatMs(medianMs);

const share = (count: number, of: number): string => `${count} of ${of}`;

/** The rows of the table, most important first. */
const ROWS: readonly { readonly label: string; readonly cell: (run: ClientRun) => string }[] = [
  { label: 'first calls that connect', cell: ({ first }) => share(first.connected, first.calls) },
  { label: 'time to connect, first call', cell: ({ first }) => times(first) },
  { label: 'later calls that connect', cell: ({ later }) => share(later.connected, later.calls) },
  { label: 'time to connect, later calls', cell: ({ later }) => times(later) },
  { label: 'relay candidate in the offer', cell: run => relayCell(run) },
  { label: 'relay candidate received', cell: run => share(run.relayReceived, run.first.calls) },
  {
    label: 'server log lines, first call',
    cell: ({ logLines }) => (logLines === null ? '-' : String(logLines)),
  },
];

const relayCell = ({ relayInOffer, first, scenario }: ClientRun): string =>
  scenario.trickle && relayInOffer === 0 ? 'trickled after it' : share(relayInOffer, first.calls);

/** The owner's table: each client a column, before and after. Then prediction against browser. */
export function renderColdstart(
  { runs, predicted, measuredGatheringMs, browser }: Coldstart,
  width: number,
  { chalk, severity }: Style,
): string[] {
  const rows = ROWS.filter(
    ({ label }) => !label.includes('later') || runs.some(({ later }) => later.calls > 0),
  );
  const labelWidth = Math.max(...ROWS.map(({ label }) => label.length)) + 2;
  const cellWidth = 24;
  const head = runs.map(({ scenario }) => scenario.name.slice(0, cellWidth - 2).padEnd(cellWidth)).join('');
  const gathering = [
    `gathering in ${browser}: ${formatMs(measuredGatheringMs)}`,
    ...(predicted ? [`predicted from the wire: ${formatMs(predicted.gatheringMs)} (${predicted.by})`] : []),
  ].join('; ');
  return [
    chalk.dim(`${''.padEnd(labelWidth)}${head}`.trimEnd()),
    ...rows.map(({ label, cell }) => {
      const cells = runs.map(run => {
        const text = cell(run).padEnd(cellWidth);
        return label.startsWith('first calls') && run.first.connected < run.first.calls
          ? severity('error', text)
          : text;
      });
      return `${label.padEnd(labelWidth)}${cells.join('')}`.trimEnd();
    }),
    '',
    ...wrap(gathering, width),
  ];
}
