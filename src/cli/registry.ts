import type { Command } from 'commander';
import type { Io } from '../commands/io.ts';

export interface CommandModule {
  /** Declares arguments and flags, and sets `exitCode` on the result when it ran. */
  register(command: Command, io: Io, done: (exitCode: number) => void): void;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<CommandModule>;
}

/** Every command, in the order of `turnctl --help`. Only the one that is called is loaded. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'diagnose',
    summary: 'find the cause: on this host, of a turn: URI, or of the embedded demo',
    load: () => import('../commands/diagnose.ts'),
  },
  {
    name: 'probe',
    summary: 'one kind of wire test, with the time of every stage',
    load: () => import('../commands/probe.ts'),
  },
  {
    name: 'decode',
    summary: 'explain STUN and TURN messages in a capture, a hex dump or raw bytes',
    load: () => import('../commands/decode.ts'),
  },
  {
    name: 'lint',
    summary: 'judge configuration files alone, as coturn reads them',
    load: () => import('../commands/lint.ts'),
  },
  {
    name: 'firewall',
    summary: 'what coturn needs open, what is, and rules for the rest',
    load: () => import('../commands/firewall.ts'),
  },
  {
    name: 'init',
    summary: 'write a sound, commented turnserver.conf for this host',
    load: () => import('../commands/init.ts'),
  },
  {
    name: 'fix',
    summary: 'mend this host: plan, ask, do, verify on the wire, undo by itself when it is worse',
    load: () => import('../commands/fix.ts'),
  },
  {
    name: 'rollback',
    summary: 'give back what an earlier run changed; --list shows the runs',
    load: () => import('../commands/rollback.ts'),
  },
  {
    name: 'service',
    summary: 'state, restart with the gap measured, certificate reload, drain',
    load: () => import('../commands/service.ts'),
  },
  {
    name: 'coldstart',
    summary: 'reproduce the failing first call in a real browser, cold against warm',
    load: () => import('../commands/coldstart.ts'),
  },
  {
    name: 'client',
    summary: 'the WebRTC client in a real browser: each URI, and a call',
    load: () => import('../commands/client.ts'),
  },
  {
    name: 'credentials',
    summary: 'time-limited credentials: issue, verify, rotate, serve over HTTP',
    load: () => import('../commands/credentials.ts'),
  },
  {
    name: 'logs',
    summary: "coturn's log as sessions, causes and counts",
    load: () => import('../commands/logs.ts'),
  },
  {
    name: 'bundle',
    summary: 'evidence to share: collected, redacted, searched for secrets; compared',
    load: () => import('../commands/bundle.ts'),
  },
  {
    name: 'explain',
    summary: 'why a rule exists, how to see it, how to mend it',
    load: () => import('../commands/explain.ts'),
  },
  {
    name: 'completion',
    summary: 'print the completion script of a shell',
    load: () => import('../commands/completion.ts'),
  },
];
