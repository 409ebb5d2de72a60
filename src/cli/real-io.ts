import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Io } from '../commands/io.ts';
import { HostError } from '../host/host.ts';
import { localHost } from '../host/local.ts';
import { writableLocalHost } from '../host/local-write.ts';
import { nodeNet, systemClock } from '../net/node.ts';
import { dialogueOn } from './ask.ts';
import { connectTo } from './connect.ts';
import { createPrivateFile } from './create-private-file.ts';
import { progressOn } from './progress.ts';
import { renderingOf } from './rendering.ts';
import { writeOutput } from './write-output.ts';

/** Version of the package that holds the running code: `../package.json` seen from `dist/`. */
function packageVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

/** `../templates` seen from `dist/`. */
async function readTemplate(name: string) {
  const path = fileURLToPath(new URL(`../templates/${name}`, import.meta.url));
  return { path, text: await readFile(path, 'utf8') };
}

/** Far above any configuration or report. */
const LARGEST_INPUT = 64 << 20;

/** @throws {HostError} 'too-large' for input that does not end */
async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    sizeBytes += chunk.length;
    if (sizeBytes > LARGEST_INPUT) {
      throw new HostError(
        'too-large',
        `standard input is too large (at most ${LARGEST_INPUT} bytes are read)`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The process's own streams, environment, host and network. `onServing`: from now on a signal to stop is no interruption. */
export function realIo(argv: readonly string[], signal: AbortSignal, onServing: () => void): Io {
  const { stdout, stderr, stdin, env } = process;
  const flags = argv.slice(2);
  // A lookup cannot be cancelled and keeps the process alive: glibc would wait ten seconds for a dead name server.
  env.RES_OPTIONS ??= 'timeout:1 attempts:2';
  return {
    stdout: text => void stdout.write(text),
    stderr: text => void stderr.write(text),
    readStdin: () => readAll(stdin),
    stdinPieces: () => stdin,
    writeFile: writeOutput,
    createPrivateFile,
    createLocalFile: async (path, content) => void (await createPrivateFile(path, content, { gid: null })),
    readTemplate,
    dialogue: stdin.isTTY && stderr.isTTY ? talk => dialogueOn(stdin, stderr, talk) : null,
    env,
    uid: process.getuid?.() ?? null,
    rendering: renderingOf(env, stdout, flags.includes('--no-color')),
    progress: progressOn(stderr, !env.CI),
    host: localHost(),
    localHost: localHost(),
    writableHost: writableLocalHost,
    remote: null,
    connect: destination => connectTo(destination, { interactive: stdin.isTTY && stderr.isTTY, signal }),
    net: nodeNet(),
    clock: systemClock,
    signal,
    async untilStopped() {
      onServing();
      if (!signal.aborted) await once(signal, 'abort');
    },
    version: packageVersion(),
  };
}
