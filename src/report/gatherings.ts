import type { Gathering } from '../model/coldstart.ts';
import { duration } from '../util/duration.ts';
import type { Style } from './style.ts';
import { wrap } from './text.ts';

/** A row for each URI alone, and one for all: when the relay candidate came, when gathering ended, what the browser said. */
export function renderGatherings(
  gatherings: readonly Gathering[],
  width: number,
  { chalk, severity }: Style,
): string[] {
  const labels = gatherings.map(({ uris }) =>
    uris.length === 1 ? (uris[0] ?? '') : `all ${uris.length} of them`,
  );
  const labelWidth = Math.min(width - 24, Math.max(...labels.map(({ length }) => length)) + 2);
  return [
    chalk.dim(`${''.padEnd(labelWidth)}${'relay'.padStart(10)}${'complete'.padStart(12)}`),
    ...gatherings.flatMap(({ relayMs, completeMs, errors }, i) => {
      const relay = (relayMs === null ? 'none' : duration(relayMs)).padStart(10);
      const complete = (completeMs === null ? 'not yet' : duration(completeMs)).padStart(12);
      const cells = `${relayMs === null ? severity('error', relay) : relay}${complete}`;
      const label = labels[i] ?? '';
      return [
        ...(label.length < labelWidth
          ? [`${label.padEnd(labelWidth)}${cells}`]
          : [label, `${''.padEnd(labelWidth)}${cells}`]),
        ...errors.flatMap(({ url, code, message }) =>
          wrap(`${code} ${url}: ${meaningOf(code, message)}`, width - 2).map(line => `  ${line}`),
        ),
      ];
    }),
  ];
}

/** The codes of onicecandidateerror in plain words. */
function meaningOf(code: number, message: string): string {
  if (code === 401) return 'the server refuses the credential';
  if (code === 701) return `no answer from the server${message === '' ? '' : ` (${message})`}`;
  return message;
}
