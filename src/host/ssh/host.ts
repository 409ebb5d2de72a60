import type { WritableHost } from '../host.ts';
import { HostError } from '../host.ts';
import type { PrivateFile, PrivateFileOptions } from '../private-file.ts';
import { connect, type SshOptions } from './connection.ts';
import { FileReader } from './file-reader.ts';
import { createPrivateFileOver, writeFileOver } from './file-writer.ts';
import { streamOver } from './stream.ts';

const DEFAULT_MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Another machine, reached by the system's own OpenSSH; nothing is installed there. */
export interface SshHost extends WritableHost {
  /** Its own address of the SSH connection; null where it did not say. */
  readonly address: string | null;
  /** As whom turnctl works there: `root`, `sudo` for root by way of sudo, `user` for an ordinary user. */
  readonly as: 'root' | 'sudo' | 'user';
  /** Writes a file that its owner and one group may read; one that is there is kept under `backup`. @throws {HostError} 'exists' */
  createPrivateFile(path: string, content: string, options: PrivateFileOptions): Promise<PrivateFile>;
  /** What a program prints, while it prints it, until `signal`; the program ends then. @throws {HostError} {ConnectionLost} */
  stream(argv: readonly string[], signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** Connects. @throws {HostError} with what to do, when ssh cannot */
export async function openSshHost(destination: string, options: SshOptions): Promise<SshHost> {
  const connection = await connect(destination, options);
  const files = new FileReader(connection);
  const { run, greeting } = connection;
  return {
    name: greeting.name,
    address: greeting.address,
    as: greeting.uid === 0 ? 'root' : greeting.sudo ? 'sudo' : 'user',
    run,
    async readFile(path, { maxBytes = DEFAULT_MAX_FILE_BYTES } = {}) {
      const bytes = await files.file(path, maxBytes);
      if (bytes.length > maxBytes)
        throw new HostError('too-large', `${path} is too large (at most ${maxBytes} bytes are read)`);
      return bytes;
    },
    readDirectory: path => files.directory(path),
    readLink: path => files.link(path),
    status: path => files.status(path),
    writeFile: (path, content, guard) => writeFileOver(connection, path, content, guard),
    stream: (argv, signal) => streamOver(connection, argv, signal),
    createPrivateFile: (path, content, to) => createPrivateFileOver(connection, path, content, to),
    async realPath(path) {
      // readlink names also what is not there.
      await files.status(path);
      const { exitCode, stdout, stderr } = await run(['readlink', '-f', '-n', '--', path]);
      if (exitCode !== 0) throw new HostError('io', `${path} cannot be read (${stderr.trim()})`);
      return stdout;
    },
    async close() {
      await files.close();
      await connection.close();
    },
  };
}
