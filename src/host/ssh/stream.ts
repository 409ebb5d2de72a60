import { HostError } from '../host.ts';
import { programPieces } from '../program-pieces.ts';
import { lost, type SshConnection } from './connection.ts';

/**
 * Runs a program and ends it when standard input does: sshd ends nothing, and what waits for the next line of a log would
 * stay for ever after turnctl was killed. `read` is of the shell itself, so that nothing is left of the one that waits.
 */
const SCRIPT = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
(read -r _ <&3; kill "$child") >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$child"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
`;

/** What a program prints over there, while it prints it. @throws {HostError} {ConnectionLost} */
export function streamOver(
  connection: SshConnection,
  argv: readonly string[],
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const [program = ''] = argv;
  return programPieces(connection.argv(['sh', '-c', SCRIPT, 'sh', ...argv]), {
    signal,
    holdStdin: true,
    async failure(code, complaint) {
      if (!(await connection.isUp())) return lost(connection.destination);
      const last = complaint.trim().split('\n').at(-1) ?? '';
      if (/not found/.test(last) && code === 127)
        return new HostError('no-such-program', `${program} is not installed`);
      return new HostError(
        /Permission denied/.test(last) ? 'permission-denied' : 'io',
        `${program} ended with ${code}: ${last}`,
      );
    },
  });
}
