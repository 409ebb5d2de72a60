import { quoteCommand, quoteWord } from '../host/posix-shell.ts';
import type { Activation } from '../model/plan.ts';

/** How one thing that a step changes is given back. */
export type Undoing = { readonly step: number } & (
  | { readonly kind: 'file'; readonly path: string; readonly backup: string }
  | { readonly kind: 'absent'; readonly path: string }
  | {
      readonly kind: 'access';
      readonly path: string;
      readonly owner: string;
      readonly mode: number;
      /** A file with the access list, where the host has such lists. */
      readonly acl: string | null;
    }
  | { readonly kind: 'run'; readonly argv: readonly string[] }
);

/** A file that is written and removed to see whether there is room. */
export const ROOM_PROBE = '.turnctl-room';

export interface UndoInput {
  readonly id: string;
  /** The folder of the run. */
  readonly folder: string;
  /** In the order of the steps. */
  readonly undoings: readonly Undoing[];
  /** In which a probe for room may have been left. */
  readonly folders: readonly string[];
  readonly steps: number;
  readonly activate: readonly Activation[];
}

/**
 * The program that undoes a run. It needs a shell and coreutils, not turnctl: so it does its work after turnctl was
 * killed, from a timer, and on a host where turnctl was never installed. May be run again, whatever it was ended by.
 */
export function undoScript({ id, folder, undoings, folders, steps, activate }: UndoInput): string {
  const probes = folders.map(
    it => `rm -f -- ${quoteWord(`${it}/.${ROOM_PROBE}.turnctl-`)}*.tmp ${quoteWord(`${it}/${ROOM_PROBE}`)}`,
  );
  const undo = undoings.toReversed().map(it => `[ "$begun" -le ${it.step} ] || ${commandOf(it)}`);
  const back = activate.map(
    ({ argv, back }) => `[ "$begun" -le ${argv === null ? 0 : steps} ] || activate ${quoteCommand(back)}`,
  );
  return `${PROLOGUE.replaceAll('@ID@', id).replaceAll('@FOLDER@', quoteWord(folder))}
${[...probes, ...undo, ...back].join('\n')}

[ $failed -ne 0 ] || : >undone
sync . 2>/dev/null
exit $failed
`;
}

function commandOf(undoing: Undoing): string {
  switch (undoing.kind) {
    case 'file':
      return quoteCommand(['give_back', undoing.backup, undoing.path, besideOf(undoing.path)]);
    case 'absent':
      return quoteCommand(['take_away', undoing.path, besideOf(undoing.path)]);
    case 'access':
      return quoteCommand([
        'set_access',
        undoing.path,
        undoing.owner,
        undoing.mode.toString(8).padStart(4, '0'),
        undoing.acl ?? '',
      ]);
    case 'run':
      return quoteCommand(['undo', String(undoing.step), ...undoing.argv]);
  }
}

/** How names begin under which `WritableHost.writeFile` keeps what is not whole yet. */
const besideOf = (path: string): string => path.replace(/([^/]*)$/, '.$1.turnctl-');

const PROLOGUE = `#!/bin/sh
# Gives back what run @ID@ of turnctl changed. Made before the first change.
# May be run by hand, and again; 'turnctl rollback @ID@' runs it.
#   undo.sh                 undoes the run
#   undo.sh unless-kept     undoes it, unless it was confirmed
#   undo.sh wait SECONDS    the same, later, without a terminal
LC_ALL=C
export LC_ALL
cd @FOLDER@ || exit 1

if [ "\${1:-}" = wait ]; then
  exec </dev/null >>undo.log 2>&1
  sleep "$2"
fi
if [ -n "\${1:-}" ]; then
  ln undo verdict 2>/dev/null || [ "$(cat verdict)" = undo ] || exit 0
else
  [ "$(cat verdict 2>/dev/null)" = undo ] || ln -f undo verdict || exit 1
fi
# A step of a run that was killed may still be busy.
exec 9>>busy
if command -v flock >/dev/null; then flock 9; fi

begun=$(cat begun) || exit 1
failed=0

complain() {
  echo "$*" >&2
  failed=1
}

# Beside a file lies what a killed run had not finished.
give_back() {
  rm -f -- "$3"*.tmp
  if cp -a -- "$1" "$3undo.tmp" && sync "$3undo.tmp" && mv -f -- "$3undo.tmp" "$2"; then return; fi
  rm -f -- "$3undo.tmp"
  complain "$2 was not given back"
}

take_away() {
  rm -f -- "$2"*.tmp "$1" || complain "$1 was not removed"
}

set_access() {
  chown -- "$2" "$1" && chmod -- "$3" "$1" || complain "owner and mode of $1 were not given back"
  [ -z "$4" ] || setfacl "--set-file=$4" -- "$1" || complain "the access list of $1 was not given back"
}

# Of the step at which a run was killed, and of an undo that was killed, nobody knows whether they were done.
undo() {
  step=$1
  shift
  [ ! -e "undone-$step" ] || return 0
  unsure=0
  [ ! -e "undoing-$step" ] || unsure=1
  [ "$begun" -ne $((step + 1)) ] || [ -e applied ] || unsure=1
  : >"undoing-$step"
  if "$@" </dev/null >undo.out 2>&1 9>&- || [ $unsure -eq 1 ]; then
    : >"undone-$step"
  else
    complain "$*: $(tail -n 1 undo.out)"
  fi
}

activate() {
  "$@" </dev/null >undo.out 2>&1 9>&- || echo "$*: $(tail -n 1 undo.out)" >&2
}
`;
