import { COULD_NOT_TELL, main } from './main.ts';
import { realIo } from './real-io.ts';

/** What 128 + SIGINT is to a shell. */
const INTERRUPTED = 130;

/** Entry of `bin/turnctl.js`: returns the exit code and leaves the ending to the event loop. */
export async function run(): Promise<number> {
  const { stdout, stderr } = process;
  // Node's own code for an error that nobody caught is 1, which says that there are findings.
  process.once('uncaughtExceptionMonitor', () => {
    process.exitCode = COULD_NOT_TELL;
    process.once('exit', () => {
      process.exitCode = COULD_NOT_TELL;
    });
  });
  // Where nobody reads, the exit code is all that is left to say; `written` looks at what stdout refused.
  stdout.on('error', () => {});
  stderr.on('error', () => {});

  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  // A second Ctrl-C ends the process at once: the first one waits until allocations are released.
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt).once('SIGHUP', interrupt);

  let serving = false;
  const io = realIo(process.argv, interruption.signal, () => {
    serving = true;
  });
  const exitCode = await main(process.argv, io);
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGHUP', interrupt);
  if (interruption.signal.aborted && !serving) return INTERRUPTED;

  const refusal = await written(stdout);
  // A reader that has seen enough (`| head`) is no failure.
  if (refusal === undefined || refusal.code === 'EPIPE') return exitCode;
  stderr.write(`turnctl: cannot write to standard output: ${refusal.message}\n`);
  return COULD_NOT_TELL;
}

/** Waits until everything is written; why not, where it was refused. */
const written = (stream: NodeJS.WriteStream): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise(resolve => {
    stream.write('', error => resolve(stream.errored ?? error ?? undefined));
  });
