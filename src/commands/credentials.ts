import type { Command } from 'commander';
import { register as registerIssue } from './credentials/issue.ts';
import { register as registerRotate } from './credentials/rotate.ts';
import { register as registerServe } from './credentials/serve.ts';
import { register as registerVerify } from './credentials/verify.ts';
import type { Io } from './io.ts';

/** Time-limited credentials: made, explained, handed out. */
export function register(command: Command, io: Io, done: (exitCode: number) => void): void {
  registerIssue(command.command('issue').description('print one time-limited credential'), io, done);
  registerVerify(
    command.command('verify').description('say who it is for, until when, and what is wrong with it'),
    io,
    done,
  );
  registerServe(
    command.command('serve').description('the HTTP endpoint that hands them to clients'),
    io,
    done,
  );
  registerRotate(
    command.command('rotate').description('another secret beside the old one, and later without it'),
    io,
    done,
  );
}
