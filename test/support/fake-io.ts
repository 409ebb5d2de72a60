import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Io } from '../../src/commands/io.ts';
import { type Host, HostError } from '../../src/host/host.ts';
import { writableLocalHost } from '../../src/host/local-write.ts';
import { nodeNet, systemClock } from '../../src/net/node.ts';

export interface FakeIo extends Io {
  readonly printed: { stdout: string; stderr: string };
  readonly written: Map<string, string>;
  readonly binary: Map<string, Uint8Array>;
}

const missing = (path: string) => new HostError('not-found', `${path} does not exist`);

/** A host that has these files and no programs. */
export function hostWith(files: Readonly<Record<string, string | Uint8Array>>): Host {
  const read = (path: string): Uint8Array => {
    const content = files[path];
    if (content === undefined) throw missing(path);
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
  return {
    name: 'test',
    run: async ([program]) => {
      throw new HostError('no-such-program', `${program} is not installed`);
    },
    readFile: async path => read(path),
    readDirectory: async path => {
      throw missing(path);
    },
    readLink: async path => {
      throw missing(path);
    },
    status: async path => ({
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      sizeBytes: read(path).length,
      modifiedAtMs: 0,
    }),
  };
}

/** An Io that keeps what it is told, on a host with these files; the network is the real one. */
export function fakeIo(files: Readonly<Record<string, string | Uint8Array>> = {}, stdin = ''): FakeIo {
  const printed = { stdout: '', stderr: '' };
  const written = new Map<string, string>();
  const binary = new Map<string, Uint8Array>();
  return {
    printed,
    written,
    binary,
    stdout: text => {
      printed.stdout += text;
    },
    stderr: text => {
      printed.stderr += text;
    },
    readStdin: async () => new TextEncoder().encode(stdin),
    async *stdinPieces() {
      yield new TextEncoder().encode(stdin);
    },
    async writeFile(path, content) {
      if (typeof content === 'string') written.set(path, content);
      else binary.set(path, content);
    },
    async createPrivateFile(path, content, { gid, backup }) {
      written.set(path, content);
      return { mode: gid === null ? 0o600 : 0o640, backup: path in files ? (backup ?? null) : null };
    },
    createLocalFile: async (path, content) => void written.set(path, Buffer.from(content).toString('latin1')),
    async readTemplate(name) {
      const path = fileURLToPath(new URL(`../../templates/${name}`, import.meta.url));
      return { path, text: readFileSync(path, 'utf8') };
    },
    dialogue: null,
    env: {},
    uid: 0,
    rendering: { color: false, width: 80, unicode: true },
    progress: { update() {}, stop() {} },
    host: hostWith(files),
    localHost: hostWith(files),
    remote: null,
    connect: async destination => {
      throw new HostError('io', `nobody connects to ${destination} in a test`);
    },
    writableHost: writableLocalHost,
    net: nodeNet(),
    clock: systemClock,
    signal: new AbortController().signal,
    untilStopped: () => new Promise(() => {}),
    version: '0.0.0-test',
  };
}
