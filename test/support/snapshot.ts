import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below a folder: type, mode, owner, bytes, modification time, and access list where there are any. */
export function snapshot(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names.map(name => {
      const path = join(folder, name);
      const { mode, uid, gid, mtimeMs } = lstatSync(path);
      const isFile = lstatSync(path).isFile();
      const bytes = isFile ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
      return [name, [mode.toString(8), uid, gid, isFile ? mtimeMs : '', bytes, acl(path)].join(' ')];
    }),
  );
}

function acl(path: string): string {
  try {
    return execFileSync('getfacl', ['--absolute-names', '--numeric', '--omit-header', path], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}
