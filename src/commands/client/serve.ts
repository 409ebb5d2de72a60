import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { type Command, Option } from 'commander';
import type { HttpServer } from '../../credentials/http-server.ts';
import { hostForOthers, inUrl } from '../../pageserver/reachable.ts';
import { type PageServerSettings, startPageServer } from '../../pageserver/server.ts';
import { plural } from '../../util/text.ts';
import { cannotServe, tlsOf } from '../credentials/serve.ts';
import { type Listen, listen, TLS_HELP, type TlsOptions } from '../credentials/serve-options.ts';
import type { Io } from '../io.ts';
import { addWireOptions } from '../options.ts';
import { type GivenOptions, given } from './given.ts';

export interface ServePageOptions extends GivenOptions, TlsOptions {
  readonly listen: Listen;
  readonly name?: string;
  readonly report?: string;
}

const DEFAULT_LISTEN: Listen = { host: '127.0.0.1', port: 8788 };

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runServePage = runServePage,
): void {
  command
    .argument('[target]', 'host, address, or turn:, turns: URI; with --api: the URIs of its answer')
    .addOption(
      new Option('--listen <address>', 'PORT or HOST:PORT, as 0.0.0.0:8788 for a phone')
        .argParser(listen)
        .default(DEFAULT_LISTEN, '127.0.0.1:8788'),
    )
    .option('--name <host>', 'under which other devices reach this machine (default: its address)')
    .option('--report <file>', 'write the report that the page sends there (default: standard output)')
    .option('--tls-cert <file>', TLS_HELP.cert)
    .option('--tls-key <file>', TLS_HELP.key);
  addWireOptions(command)
    .option('--no-color', 'no colour (as NO_COLOR)')
    .action(async (target: string | undefined, flags: Omit<ServePageOptions, 'target'>) =>
      done(await run({ ...flags, ...(target === undefined ? {} : { target }) }, io)),
    );
}

/** Serves the page until it is told to stop. @throws {UsageError} {HostError} */
export async function runServePage(options: ServePageOptions, io: Io): Promise<number> {
  const { uris } = await given(options, io);
  const tls = await tlsOf(options, io);
  const token = randomBytes(16).toString('base64url');
  const address = (host: string, port: number): string =>
    `${tls ? 'https' : 'http'}://${inUrl(host)}:${port}/${token}/`;
  const outside = options.name ?? hostForOthers(options.listen.host, networkInterfaces());
  const linkTo = (port: number): string | null => (outside === null ? null : address(outside, port));
  const server = await start({
    ...options.listen,
    ...(tls ? { tls } : {}),
    page: await readFile(new URL('./client-page.html', import.meta.url), 'utf8'),
    token,
    setup: port => ({
      version: io.version,
      target: options.target ?? options.api ?? '',
      uris,
      link: linkTo(port),
    }),
    credentials: freshCredentials(options, io),
    onReport: report => take(report, options, io),
    onError: error => io.stderr(`turnctl: ${error instanceof Error ? error.message : String(error)}\n`),
  });
  const here = /^(0\.0\.0\.0|::)$/.test(server.host) ? 'localhost' : server.host;
  io.stderr(`turnctl: a page that tests ${plural(uris.length, 'URI')}: ${address(here, server.port)}\n`);
  const link = linkTo(server.port);
  if (link !== null) {
    io.stderr(`turnctl: on another device: ${link}\n`);
    io.stderr(
      'turnctl: whoever has the address gets credentials for the server: stop with Ctrl-C when done\n',
    );
  }
  await io.untilStopped();
  await server.stop(0);
  return 0;
}

/** @throws {HostError} in plain words where it cannot listen */
async function start(settings: PageServerSettings): Promise<HttpServer> {
  try {
    return await startPageServer(settings);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw cannotServe(settings, error as NodeJS.ErrnoException);
  }
}

/** Read and asked for anew each time, and another name each time: coturn counts a quota by name. */
function freshCredentials(options: ServePageOptions, io: Io): () => Promise<object> {
  let asked = 0;
  return async () => {
    const { uris, credential } = await given(options, io);
    asked += 1;
    const { username, password } = credential(1000 + asked);
    return { username, password, ttl: 300, uris };
  };
}

/** It comes from the network: what a terminal might obey is escaped. */
async function take(report: object, { report: file }: ServePageOptions, io: Io): Promise<void> {
  const text = JSON.stringify(report, null, file === undefined ? 0 : 2);
  const safe = text.replaceAll(
    /[\u007f-\u009f]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (file === undefined) {
    io.stdout(`${safe}\n`);
    return;
  }
  await io.writeFile(file, `${safe}\n`);
  io.stderr(`turnctl: a report came, and is in ${file}\n`);
}
