import { type Command, Option } from 'commander';
import { CLOUDS } from '../host/cloud.ts';
import { runFirewallApply } from './firewall-apply.ts';
import { runFirewallPlan } from './firewall-plan.ts';
import { runFirewallShow } from './firewall-show.ts';
import type { Io } from './io.ts';
import { addReportOptions, addSshOption } from './options.ts';

const runs = { show: runFirewallShow, plan: runFirewallPlan, apply: runFirewallApply };

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runs = runs,
): void {
  command.addHelpText('after', EXAMPLES);
  const show = command.command('show').description('what coturn needs, what is open, and which rule decides');
  addReportOptions(addCommon(show)).action(async flags => done(await run.show(flags, io)));
  const plan = command.command('plan').description('what would open what is shut, and how it is undone');
  addDocumentOptions(addCommon(plan)).action(async flags => done(await run.plan(flags, io)));
  const apply = command
    .command('apply')
    .description('do what plan shows, look again, and undo it when it is worse')
    .option('--yes', 'do not ask');
  addDocumentOptions(addCommon(apply)).action(async flags => done(await run.apply(flags, io)));
}

const EXAMPLES = `
It lets in and never shuts anything: no policy is changed, the order of your
rules stays, and no firewall is switched on.

Examples:
  turnctl firewall show
  turnctl firewall plan --cloud aws
  turnctl firewall apply --yes`;

const addCommon = (command: Command): Command =>
  addSshOption(command)
    .option('--config <file>', 'this turnserver.conf instead of the one found')
    .option('--tcp-relay', 'the relay range for TCP too (RFC 6062, which no browser uses)')
    .addOption(
      new Option(
        '--cloud <name>',
        'print commands for its firewall too (default: the one this host is in)',
      ).choices(CLOUDS),
    );

/** Of what is no judgement: a text or a document. */
const addDocumentOptions = (command: Command): Command =>
  command
    .option('--as-version <version>', 'read the configuration as this coturn release')
    .option('--json', 'print one JSON document')
    .option('--output <file>', 'write it there instead of to standard output')
    .option('--no-color', 'no colour (as NO_COLOR)');
