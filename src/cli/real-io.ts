import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Io } from '../commands/io.ts';
import { localHost } from '../host/local.ts';
import { writableLocalHost } from '../host/local-write.ts';
import { nodeNet, systemClock } from '../net/node.ts';
import { askOn } from './ask.ts';
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

/** The process's own streams, environment, host and network. */
export function realIo(argv: readonly string[], signal: AbortSignal): Io {
  const { stdout, stderr, stdin, env } = process;
  const flags = argv.slice(2);
  // A lookup cannot be cancelled and keeps the process alive: glibc would wait ten seconds for a dead name server.
  env.RES_OPTIONS ??= 'timeout:1 attempts:2';
  return {
    stdout: text => void stdout.write(text),
    stderr: text => void stderr.write(text),
    async readStdin() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    },
    writeFile: writeOutput,
    createPrivateFile,
    readTemplate,
    ask: stdin.isTTY && stderr.isTTY ? question => askOn(stdin, stderr, question) : null,
    env,
    rendering: renderingOf(env, stdout, flags.includes('--no-color')),
    progress: progressOn(stderr, !env.CI),
    host: localHost(),
    writableHost: writableLocalHost,
    net: nodeNet(),
    clock: systemClock,
    signal,
    version: packageVersion(),
  };
}
