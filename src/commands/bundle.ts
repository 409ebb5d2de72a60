import type { Command } from 'commander';
import { register as registerCreate } from './bundle/create.ts';
import { register as registerDiff } from './bundle/diff.ts';
import { register as registerShow } from './bundle/show.ts';
import type { Io } from './io.ts';

/** The support bundle: made, looked into, compared. */
export function register(command: Command, io: Io, done: (exitCode: number) => void): void {
  registerCreate(
    command.command('create').description('collect the evidence of this host into one redacted archive'),
    io,
    done,
  );
  registerShow(
    command.command('show').description('what is in it, what was taken out, what is missing'),
    io,
    done,
  );
  registerDiff(
    command.command('diff').description('what differs between two, most upstream first'),
    io,
    done,
  );
}
