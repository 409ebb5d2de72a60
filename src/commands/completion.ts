import { type Command, InvalidArgumentError, type Option } from 'commander';
import { rules } from '../rules/index.ts';
import type { Io } from './io.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** What can follow on the command line, for the completion scripts below. */
export interface CommandTree {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly {
    readonly flag: string;
    readonly values: readonly string[];
    readonly takesValue: boolean;
  }[];
  readonly values: readonly string[];
}

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
      io.stdout(completionScript(shell, treeOf(command.parent?.commands ?? [])));
      done(0);
    });
}

/** Reads the commands as declared, so that completion never knows less than `--help`. */
function treeOf(commands: readonly Command[]): CommandTree[] {
  const ids = rules.map(rule => rule.id);
  return commands.map(command => ({
    name: command.name(),
    summary: command.description(),
    flags: optionsOf(command).map(option => ({
      flag: option.long ?? option.flags,
      values: option.argChoices ?? (['--only', '--skip'].includes(option.long ?? '') ? ids : []),
      takesValue: option.required || option.optional,
    })),
    values: valuesOf(command, ids),
  }));
}

/** Those of its subcommands too, each once: `probe` has none of its own. */
function optionsOf(command: Command): readonly Option[] {
  const all = [command, ...command.commands].flatMap(({ options }) => options);
  return [...new Map(all.map(option => [option.long ?? option.flags, option])).values()];
}

function valuesOf(command: Command, ids: readonly string[]): readonly string[] {
  if (command.commands.length > 0) return command.commands.map(child => child.name());
  if (command.name() === 'explain') return ids;
  return command.registeredArguments.flatMap(argument => argument.argChoices ?? []);
}

export function completionScript(shell: Shell, tree: readonly CommandTree[]): string {
  if (shell === 'fish') return fish(tree);
  return shell === 'bash'
    ? bash(tree)
    : `#compdef turnctl\nautoload -U +X bashcompinit && bashcompinit\n${bash(tree)}`;
}

function bash(tree: readonly CommandTree[]): string {
  const cases = tree.map(({ name, flags, values }) => {
    const valued = flags.filter(({ values }) => values.length > 0);
    const files = flags.filter(({ takesValue, values }) => takesValue && values.length === 0);
    return [
      `    ${name})`,
      '      case "$previous" in',
      ...valued.map(
        ({ flag, values }) =>
          `        ${flag}) COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$word")); return;;`,
      ),
      ...(files.length === 0
        ? []
        : [
            `        ${files.map(({ flag }) => flag).join('|')}) COMPREPLY=($(compgen -f -- "$word")); return;;`,
          ]),
      '      esac',
      `      words="${[...values, ...flags.map(({ flag }) => flag)].join(' ')}";;`,
    ].join('\n');
  });
  return `_turnctl() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${tree.map(({ name }) => name).join(' ')} --help --version" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [ "\${#COMPREPLY[@]}" -eq 0 ] && COMPREPLY=($(compgen -f -- "$word"))
}
complete -F _turnctl turnctl
`;
}

function fish(tree: readonly CommandTree[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "\\'")}'`;
  return `${tree
    .flatMap(({ name, summary, flags, values }) => [
      `complete -c turnctl -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
      ...(values.length > 0
        ? [`complete -c turnctl -n '__fish_seen_subcommand_from ${name}' -f -a ${quoted(values.join(' '))}`]
        : []),
      ...flags.map(
        ({ flag, values, takesValue }) =>
          `complete -c turnctl -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}` +
          (takesValue ? ' -r' : '') +
          (values.length > 0 ? ` -f -a ${quoted(values.join(' '))}` : ''),
      ),
    ])
    .join('\n')}\n`;
}
