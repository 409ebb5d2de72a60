import { type Journal, withJournal } from '../fixes/journal.ts';
import { recoverRuns } from '../fixes/rollback.ts';
import type { Io } from './io.ts';

/** Changes the host under its lock. @throws {HostError} 'busy' when another run does not end in time */
export const inJournal = <T>(command: string, io: Io, use: (journal: Journal) => Promise<T>): Promise<T> =>
  withJournal(
    {
      host: io.writableHost(),
      command,
      now: io.clock.now,
      sleep: ms => sleep(ms, io),
      signal: io.signal,
      onWait: text => io.progress.update(text),
    },
    use,
  );

/** The same, once what killed runs have left half done is undone. @throws {HostError} */
export const inSoundJournal = <T>(
  command: string,
  io: Io,
  use: (journal: Journal) => Promise<T>,
): Promise<T> =>
  inJournal(command, io, async journal => {
    for (const id of await recoverRuns(journal, io.clock.now())) {
      io.stderr(`turnctl: run ${id} had not finished, and was undone\n`);
    }
    return use(journal);
  });

/** Waits, or until the run is interrupted. */
export const sleep = (ms: number, { clock, signal }: Pick<Io, 'clock' | 'signal'>): Promise<void> =>
  new Promise(resolve => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.schedule(ms, end);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
