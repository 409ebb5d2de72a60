import type { Difference, Manifest } from '../model/bundle.ts';
import type { Rendering } from '../model/report.ts';
import { plural, printable, shortened } from '../util/text.ts';
import { styleOf } from './style.ts';
import { labelled } from './text.ts';

const COLUMN = 11;

/** What a bundle holds, what was taken out of it, and what is not in it. */
export function renderManifest(manifest: Manifest, changed: readonly string[], rendering: Rendering): string {
  const { chalk } = styleOf(rendering);
  const { width } = rendering;
  const { host, createdAt, tool, members, leftOut } = manifest;
  const row = (label: string, text: string) =>
    labelled(label, printable(text), width, 0, COLUMN).map(
      line => chalk.dim(line.slice(0, COLUMN)) + line.slice(COLUMN),
    );
  const column = Math.min(28, Math.max(...members.map(({ path }) => path.length), 0)) + 2;
  const files = members.flatMap(({ path, what, sizeBytes }) => {
    const note = changed.includes(path) ? `CHANGED since it was made: ${what}` : what;
    const label = `${printable(path).padEnd(column)}${size(sizeBytes).padStart(8)}`;
    return labelled(label, printable(note), width, 2, column + 10);
  });
  return `${[
    ...row('host', host),
    ...row('made', `${createdAt}, by turnctl ${tool.version}`),
    ...row('replaced', replacedText(manifest)),
    ...row('searched', searchedText(manifest)),
    '',
    chalk.bold(plural(members.length, 'file')),
    ...files,
    ...(leftOut.length === 0 ? [] : ['', chalk.bold('Not in it')]),
    ...leftOut.flatMap(({ what, reason }) => labelled('', printable(`${what}: ${reason}`), width, 2, 0)),
  ].join('\n')}\n`;
}

/** How much was replaced, in words. */
export function replacedText({ redactions: { secrets, users, addresses, stable } }: Manifest): string {
  const kept = addresses === null ? 'addresses are kept' : plural(addresses, 'address', 'addresses');
  const tokens = stable ? '' : '; its tokens fit no other bundle';
  return `${plural(secrets, 'place')} with a secret, ${plural(users, 'user name')}, ${kept}${tokens}`;
}

/** What the finished archive was searched for. */
export const searchedText = ({ audit: { secrets, planted } }: Manifest): string =>
  `for ${plural(secrets, 'secret')} in every encoding, ${planted} of them planted: none is in it`;

const size = (bytes: number): string => (bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KiB`);

const HEADINGS: Readonly<Record<Difference['area'], string>> = {
  configuration: 'Configuration',
  version: 'Version',
  unit: 'Unit',
  firewall: 'Firewall',
  certificate: 'Certificate',
  sysctl: 'Kernel settings',
  host: 'Host',
  service: 'Service',
  wire: 'On the wire',
  finding: 'Findings',
};

const LONGEST = 400;

/** What is not the same in two bundles, most upstream first. */
export function renderDifferences(differences: readonly Difference[], rendering: Rendering): string {
  const { chalk } = styleOf(rendering);
  const [first] = differences;
  if (first === undefined) return 'Nothing that could explain a difference: the two bundles say the same.\n';
  const value = (text: string | null) => shortened(printable(text ?? 'absent'), LONGEST);
  const lines = [chalk.bold(`${HEADINGS[first.area]} first: ${printable(first.what)}`)];
  let area: Difference['area'] | undefined;
  for (const difference of differences) {
    if (difference.area !== area) lines.push('', chalk.bold(HEADINGS[difference.area]));
    area = difference.area;
    lines.push(
      `  ${printable(difference.what)}`,
      ...labelled('good', value(difference.good), rendering.width, 4, 6).map(line => chalk.green(line)),
      ...labelled('bad', value(difference.bad), rendering.width, 4, 6).map(line => chalk.red(line)),
    );
  }
  return `${lines.join('\n')}\n`;
}
