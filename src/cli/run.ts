import { main } from './main.ts';
import { realIo } from './real-io.ts';

/** What 128 + SIGINT is to a shell. */
const INTERRUPTED = 130;

/** Entry of `bin/turnctl.js`: returns the exit code and leaves the ending to the event loop. */
export async function run(): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  // A second Ctrl-C ends the process at once: the first one waits until allocations are released.
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const exitCode = await main(process.argv, realIo(process.argv, interruption.signal));
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  return interruption.signal.aborted ? INTERRUPTED : exitCode;
}
