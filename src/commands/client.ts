import type { Command } from 'commander';
import { register as registerRun } from './client/run.ts';
import type { Io } from './io.ts';

/** The WebRTC client: headless, in a real browser. */
export function register(command: Command, io: Io, done: (exitCode: number) => void): void {
  registerRun(
    command.command('run').description('gather with each URI, and call, in a headless browser'),
    io,
    done,
  );
}
