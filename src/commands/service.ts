import { type Command, Option } from 'commander';
import type { Io } from './io.ts';
import { addOutputOptions, addSshOption, addTimeoutOption, FAIL_ON, seconds } from './options.ts';
import { serviceDrain } from './service/drain.ts';
import type { ServiceOptions } from './service/look.ts';
import { serviceReload } from './service/reload.ts';
import { serviceRestart } from './service/restart.ts';
import { serviceStatus } from './service/status.ts';

/** As commander hands them over. */
type Flags = Omit<ServiceOptions, 'verb' | 'afterwards'> & { readonly then?: ServiceOptions['afterwards'] };

type Verb = ServiceOptions['verb'];

const VERBS: Readonly<
  Record<
    Verb,
    { readonly summary: string; readonly run: (options: ServiceOptions, io: Io) => Promise<number> }
  >
> = {
  status: {
    summary: 'process, version, file in use, listeners, certificate, allocations',
    run: serviceStatus,
  },
  restart: {
    summary: 'restart where coturn would survive it, and measure the time without answers',
    run: serviceRestart,
  },
  reload: { summary: 'read certificate and key again, and see that they are served', run: serviceReload },
  drain: {
    summary: 'take no new allocation, let the others end, then restart or stop (coturn 4.6.3)',
    run: serviceDrain,
  },
};

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: (options: ServiceOptions, io: Io) => Promise<number> = (options, around) =>
    VERBS[options.verb].run(options, around),
): void {
  for (const verb of Object.keys(VERBS) as Verb[]) {
    const child = command
      .command(verb)
      .description(VERBS[verb].summary)
      .option('--config <file>', 'this turnserver.conf instead of the one found');
    if (verb !== 'status')
      child.option('--wait <seconds>', 'longest wait until it answers as before', seconds, 30);
    if (verb === 'restart' || verb === 'drain') {
      child.option('--force', 'also where coturn would not come up again');
    }
    if (verb === 'restart') child.option('--yes', 'do not ask whether calls may end');
    if (verb === 'drain') {
      child
        .option('--deadline <seconds>', 'how long allocations may take to end', seconds, 300)
        .addOption(
          new Option('--then <what>', 'what to do after that')
            .choices(['restart', 'stop', 'nothing'])
            .default('restart'),
        );
    }
    addSshOption(addOutputOptions(addTimeoutOption(child)))
      .addOption(
        new Option('--fail-on <severity>', 'exit 1 from this severity on').choices(FAIL_ON).default('error'),
      )
      .option('--as-version <version>', 'judge as this coturn release (default: the one found)')
      .action(async ({ then: afterwards = 'restart', ...flags }: Flags) =>
        done(await run({ ...flags, verb, afterwards }, io)),
      );
  }
}
