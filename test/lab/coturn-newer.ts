import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A newer coturn, unpacked and not installed. */
export interface NewerCoturn {
  /** A script that starts it with its own loader and libraries. */
  readonly turnserver: string;
  /** Its root file system, to lay over a lab host's (`HostOptions.layer`), where it then is the installed coturn. */
  readonly root: string;
}

/** A suite of Debian with a newer coturn than the one installed here. */
const SUITE = 'sid';
/** In every loader's search path of an empty machine, and so in no package's dependencies that are downloaded. */
const ALSO = ['libcap2', 'zlib1g', 'liblzma5', 'liblz4-1'];

/**
 * Unpacks the newest Debian coturn with its libraries into the tests' cache, unless it is there; a minute and 60 MB.
 * Uses the mirror that apt uses on this machine. Returns the reason when it cannot.
 */
export function newerCoturn(): NewerCoturn | string {
  const cache = process.env.TURNCTL_TEST_CACHE ?? join(homedir(), '.cache/turnctl-tests');
  const directory = join(cache, `coturn-${SUITE}`);
  const found = { turnserver: join(directory, 'turnserver'), root: join(directory, 'root') };
  if (existsSync(found.turnserver)) return found;
  if (process.getuid?.() !== 0) return 'unpacking a newer coturn needs root';
  const mirror = debianMirror();
  if (mirror === undefined) return 'no Debian mirror is configured on this machine';
  // Beside, then renamed: an interrupted download is not taken for a coturn.
  const partial = `${directory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  try {
    unpack(mirror, partial);
    writeStarter(join(partial, 'turnserver'));
    execFileSync(join(partial, 'turnserver'), ['--version'], {
      stdio: 'pipe',
      env: { OPENSSL_CONF: '/dev/null' },
    });
  } catch (error) {
    return `a newer coturn could not be unpacked: ${firstLine((error as { stderr?: Buffer }).stderr ?? error)}`;
  }
  rmSync(directory, { recursive: true, force: true });
  renameSync(partial, directory);
  return found;
}

function unpack(mirror: string, directory: string): void {
  const lists = join(directory, 'lists');
  const packages = join(directory, 'packages');
  const root = join(directory, 'root');
  for (const folder of [join(lists, 'partial'), packages, root]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(directory, 'status'), '');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const trust = existsSync(keyring) ? `signed-by=${keyring}` : 'trusted=yes';
  writeFileSync(join(directory, 'sources.list'), `deb [${trust}] ${mirror} ${SUITE} main\n`);
  const apt = (...argv: string[]) =>
    execFileSync(
      'apt-get',
      ['-qq', `-oDir::Etc::sourcelist=${directory}/sources.list`, '-oDir::Etc::sourceparts=/nonexistent']
        .concat([`-oDir::State::Lists=${lists}`, `-oDir::State::status=${directory}/status`])
        .concat(['-oAPT::Sandbox::User=root', ...argv]),
      { cwd: packages, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
  apt('update');
  // What an empty machine would install; only libraries are kept, and no maintainer script runs.
  const wanted = apt('install', '-y', '--no-install-recommends', '--print-uris', 'coturn')
    .split('\n')
    .map(line => line.match(/^'[^']*' ([^ _]+)_/)?.[1] ?? '')
    .filter(name => name.startsWith('lib'));
  apt('download', ...new Set(['coturn', ...wanted, ...ALSO]));
  for (const file of readdirSync(packages)) execFileSync('dpkg-deb', ['-x', join(packages, file), root]);
  // Configuration and state stay those of the host that it is laid over.
  for (const folder of ['etc', 'var']) rmSync(join(root, folder), { recursive: true, force: true });
  for (const folder of [lists, packages]) rmSync(folder, { recursive: true });
}

/** Finds its libraries beside itself, so that the cache may be moved or mounted elsewhere. */
function writeStarter(path: string): void {
  const script = [
    '#!/bin/sh',
    'root=$(dirname "$(readlink -f "$0")")/root',
    'for loader in "$root"/usr/lib*/ld-linux-*.so.*; do break; done',
    'for libraries in "$root"/usr/lib/*/libc.so.6; do break; done',
    'exec "$loader" --library-path "$(dirname "$libraries")" "$root/usr/bin/turnserver" "$@"',
    '',
  ];
  writeFileSync(path, script.join('\n'), { mode: 0o755 });
}

/** The first mirror of Debian itself in apt's sources, in either of their two forms. */
function debianMirror(): string | undefined {
  const files = ['/etc/apt/sources.list', ...inFolder('/etc/apt/sources.list.d')].filter(existsSync);
  const text = files.map(file => readFileSync(file, 'utf8')).join('\n');
  const uris = text.matchAll(/^(?:URIs:[ \t]*|deb[ \t]+(?:\[[^\]]*\][ \t]+)?)(\S+)/gm);
  return [...uris].map(match => match[1]!).find(uri => /\/debian\/?$/.test(uri));
}

const inFolder = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).map(name => join(folder, name)) : [];

const firstLine = (text: unknown): string => String(text).trim().split('\n')[0] ?? '';
