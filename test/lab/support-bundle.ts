import { writeFileSync } from 'node:fs';
import { openBundle, REPORT } from '../../src/bundle/open-bundle.ts';
import type { ExecOptions } from './exec.ts';
import type { LabHost } from './host.ts';
import { type Diagnosis, PROGRAM } from './turnctl.ts';

/** What a bundle says of its host, judged before anything was replaced. */
export type SavedReport = Pick<Diagnosis, 'checks' | 'verdict'>;

/**
 * Makes a bundle on the host, and puts it to `path` on the machine of the test. `as`: words in front of turnctl.
 * @throws {Error} with what it said when it made none.
 */
export async function takeBundle(
  host: LabHost,
  path: string,
  argv: readonly string[],
  { as = [], ...options }: ExecOptions & { readonly as?: readonly string[] },
): Promise<SavedReport> {
  const folder = (await host.must(['mktemp', '-d'])).trim();
  await host.must(['chmod', '0777', folder]);
  const file = `${folder}/bundle.tar.gz`;
  const words = [...as, ...PROGRAM, 'bundle', 'create', '--output', file, ...argv];
  const { exitCode, stdout, stderr } = await host.exec(words, options);
  if (exitCode !== 0) throw new Error(`bundle create ended with ${exitCode}: ${stderr || stdout}`);
  const bytes = Buffer.from(await host.must(['base64', file]), 'base64');
  await host.must(['rm', '-r', folder]);
  writeFileSync(path, bytes);
  const bundle = openBundle(bytes);
  if ('malformed' in bundle) throw new Error(bundle.malformed);
  return JSON.parse(bundle.text(REPORT) ?? '{}');
}

/**
 * All that was judged, down to the words. Only where a line ends may differ: a position is that in the original, and what
 * stands in the place of an address may be longer.
 */
export const judged = ({ checks, verdict }: SavedReport): unknown =>
  JSON.parse(JSON.stringify({ checks, verdict }), (key, value) => (key === 'endColumn' ? undefined : value));
