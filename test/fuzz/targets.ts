import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureTarget } from './capture.ts';
import { codecTarget } from './codec.ts';
import { confTarget } from './conf.ts';
import type { FuzzTarget } from './target.ts';
import { uriTarget } from './uri.ts';

/** Every target, fed from the fixtures of a checkout. */
export function fuzzTargets(repository: string): readonly FuzzTarget[] {
  const fixtures = join(repository, 'test/fixtures');
  const filesOf = (folder: string, ending: string): Uint8Array[] =>
    readdirSync(join(fixtures, folder))
      .filter(name => name.endsWith(ending))
      .map(name => readFileSync(join(fixtures, folder, name)));
  const packets = filesOf('packets', '.hex').map(file =>
    Uint8Array.from(Buffer.from(String(file).replace(/^#.*$/gm, '').replace(/\s/g, ''), 'hex')),
  );
  return [
    captureTarget(packets),
    codecTarget(packets),
    confTarget(filesOf('real-world', '.conf')),
    uriTarget,
  ];
}
