/** What can follow on the command line. */
export interface CommandTree {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CommandFlag[];
  readonly values: readonly string[];
}

export interface CommandFlag {
  readonly flag: string;
  readonly summary: string;
  /** What it may be set to; a file is offered where it takes a value and nothing is known. */
  readonly values: readonly string[];
  readonly takesValue: boolean;
  /** Several values, separated by commas. */
  readonly isList: boolean;
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script that a shell reads to complete our commands, flags and their values. */
export function completionScript(shell: Shell, tree: readonly CommandTree[]): string {
  if (shell === 'fish') return fish(tree);
  return shell === 'bash' ? bash(tree) : zsh(tree);
}

/** Out of a folder of `fpath` zsh runs the script instead of reading it, when it is to complete for the first time. */
const zsh = (tree: readonly CommandTree[]): string => `#compdef turnctl
autoload -U +X bashcompinit && bashcompinit
${bash(tree)}if [ "$funcstack[1]" = _turnctl ]; then _bash_complete -o default -F _turnctl; fi
`;

/** An empty answer leaves it to the shell to complete file names: it knows about blanks and folders. */
function bash(tree: readonly CommandTree[]): string {
  return `_turnctl() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" head="" values="" flags=""
  COMPREPLY=()
  # bash breaks --flag=value in three words, zsh leaves it whole.
  if [ "$word" = "=" ]; then word=""
  elif [ "$previous" = "=" ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  case "$word" in
    --*=*) previous="\${word%%=*}"; head="$previous="; word="\${word#*=}";;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    values="${tree.map(({ name }) => name).join(' ')}" flags="--help --version"
  fi
  case "\${COMP_WORDS[1]}" in
${tree.map(bashCase).join('\n')}
  esac
  case "$word" in
    -*) values="$flags";;
  esac
  COMPREPLY=($(compgen -P "$head" -W "$values" -- "$word"))
}
complete -o default -F _turnctl turnctl
`;
}

function bashCase({ name, flags, values }: CommandTree): string {
  const valued = flags.filter(({ takesValue }) => takesValue);
  return [
    `    ${name})`,
    `      values="${values.join(' ')}" flags="${flags.map(({ flag }) => flag).join(' ')} --help"`,
    ...(valued.length === 0
      ? []
      : [
          '      case "$previous" in',
          ...valued.map(
            flag =>
              `        ${flag.flag}) ${flag.isList ? LAST_OF_LIST : ''}values="${flag.values.join(' ')}";;`,
          ),
          '      esac',
        ]),
    '      ;;',
  ].join('\n');
}

const LAST_OF_LIST = `case "$word" in *,*) head="$head\${word%,*},"; word="\${word##*,}";; esac; `;

function fish(tree: readonly CommandTree[]): string {
  return `${[
    'complete -c turnctl -n __fish_use_subcommand -l help -s h',
    'complete -c turnctl -n __fish_use_subcommand -l version -s V',
    ...tree.flatMap(command => [
      `complete -c turnctl -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
      ...fishCommand(command),
    ]),
  ].join('\n')}\n`;
}

function fishCommand({ name, flags, values }: CommandTree): string[] {
  const after = `complete -c turnctl -n '__fish_seen_subcommand_from ${name}'`;
  return [
    ...(values.length === 0 ? [] : [`${after} -f -a ${quoted(values.join(' '))}`]),
    ...flags.map(flag => {
      const choices = flag.isList
        ? `(__fish_complete_list , "string split ' ' '${flag.values.join(' ')}'")`
        : flag.values.join(' ');
      return [
        `${after} -l ${flag.flag.slice(2)} -d ${quoted(flag.summary)}`,
        ...(flag.takesValue ? ['-r'] : []),
        ...(flag.values.length > 0 ? [`-f -a ${quoted(choices)}`] : []),
      ].join(' ');
    }),
  ];
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
