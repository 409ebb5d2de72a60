import type { Command } from 'commander';
import { register as registerRun } from './client/run.ts';
import { register as registerServe } from './client/serve.ts';
import type { Io } from './io.ts';

/** The WebRTC client in a real browser: headless, or a person's own. */
export function register(command: Command, io: Io, done: (exitCode: number) => void): void {
  registerRun(
    command.command('run').description('gather with each URI, and call, in a headless browser'),
    io,
    done,
  );
  registerServe(
    command.command('serve').description('a page that tests the browser, or the phone, that opens it'),
    io,
    done,
  );
}
