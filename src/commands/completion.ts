import { type Command, InvalidArgumentError, type Option } from 'commander';
import { RELEASES } from '../config/versions.ts';
import { rules } from '../rules/index.ts';
import { type CommandTree, completionScript, SHELLS, type Shell } from './completion-scripts.ts';
import type { Io } from './io.ts';

export function register(command: Command, io: Io, done: (exitCode: number) => void): void {
  command
    .argument('<shell>', SHELLS.join(', '), (value): Shell => {
      if ((SHELLS as readonly string[]).includes(value)) return value as Shell;
      throw new InvalidArgumentError(`It is one of ${SHELLS.join(', ')}.`);
    })
    .addHelpText(
      'after',
      `
Examples:
  turnctl completion bash > /etc/bash_completion.d/turnctl
  turnctl completion zsh > "\${fpath[1]}/_turnctl"
  turnctl completion fish > ~/.config/fish/completions/turnctl.fish`,
    )
    .action((shell: Shell) => {
      io.stdout(completionScript(shell, (command.parent?.commands ?? []).map(treeOf)));
      done(0);
    });
}

const IDS = rules.map(({ id }) => id);
const TOPICS = [...new Set(IDS.map(id => id.split('/')[0]!))];

/** Values that the declaration of a flag does not hold. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  '--only': [...TOPICS, ...IDS],
  '--skip': [...TOPICS, ...IDS],
  '--as-version': RELEASES,
  '--upgrade-to': RELEASES,
};

/** Reads a command as declared, so that completion never knows less than `--help`. */
function treeOf(command: Command): CommandTree {
  const byFlag = new Map(optionsOf(command).map(option => [option.long ?? option.flags, option]));
  return {
    name: command.name(),
    summary: command.description(),
    flags: [...byFlag].map(([flag, option]) => flagOf(flag, option)),
    values: valuesOf(command),
  };
}

/** Of a command that has others below it, what any of them takes too. */
const optionsOf = ({ commands, options }: Command): readonly Option[] => [
  ...options,
  ...commands.flatMap(optionsOf),
];

const flagOf = (flag: string, option: Option) => ({
  flag,
  summary: option.description,
  values: option.argChoices ?? VALUES[flag] ?? [],
  takesValue: option.required || option.optional,
  isList: flag === '--only' || flag === '--skip',
});

function valuesOf(command: Command): readonly string[] {
  if (command.commands.length > 0) return command.commands.map(child => child.name());
  if (command.name() === 'explain') return IDS;
  if (command.name() === 'completion') return SHELLS;
  return command.registeredArguments.flatMap(argument => argument.argChoices ?? []);
}
