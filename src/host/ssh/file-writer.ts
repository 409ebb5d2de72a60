import { type CommandResult, HostError, type RunOptions, type WriteGuard } from '../host.ts';
import type { PrivateFile, PrivateFileOptions } from '../private-file.ts';

/** What may be written at once, in base64 on standard input, over a slow line. */
const WRITE_TIMEOUT_MS = 60_000;

/** Exit codes of the script beside those of its tools. */
const CHANGED = 90;
const LOST_ATTRIBUTES = 91;

/**
 * Beside, synced, renamed, as `local-write.ts` does it; with the tools of GNU or of BusyBox, which has no --reference.
 * Arguments: the file, the SHA-256 it must have or `absent`, a file whose owner, mode, access list and label it gets or
 * ``, its mode in octal without one.
 */
const SCRIPT = `
set -eu
path=$1 expected=$2 model=$3 mode=$4
if [ "$expected" != absent ]; then path=$(readlink -f -- "$path"); model=$path; fi
folder=\${path%/*} name=\${path##*/}
[ -n "$folder" ] || folder=/
for old in "$folder/.$name.turnctl-"*.tmp; do
  pid=\${old##*.turnctl-}; pid=\${pid%.tmp}
  case $pid in *[!0-9]*|'') continue;; esac
  [ -d "/proc/$pid" ] || rm -f -- "$old"
done
beside=$folder/.$name.turnctl-$$.tmp
trap 'rm -f -- "$beside"' EXIT
trap 'exit 1' HUP INT TERM
(umask 077; set -C; base64 -d >"$beside")
if [ -n "$model" ]; then
  chown "$(stat -L -c %u:%g -- "$model")" -- "$beside"
  chmod "$(stat -L -c %a -- "$model")" -- "$beside"
  if command -v getfacl >/dev/null 2>&1; then
    list=$(getfacl --absolute-names --omit-header -- "$model" 2>/dev/null || :)
    if [ -n "$list" ] && ! printf '%s\\n' "$list" | setfacl --set-file=- -- "$beside" 2>/dev/null; then
      if printf '%s\\n' "$list" | grep -qE '^((user|group):[^:]+:|mask:)'; then exit ${LOST_ATTRIBUTES}; fi
    fi
  fi
  if [ -e /sys/fs/selinux/enforce ]; then chcon "--reference=$model" -- "$beside" || exit ${LOST_ATTRIBUTES}; fi
else
  chmod "$mode" -- "$beside"
fi
sync "$beside" 2>/dev/null || sync
if [ -e "$path" ]; then
  [ "$expected" != absent ] || exit ${CHANGED}
  sum=$(sha256sum <"$path")
  [ "\${sum%% *}" = "$expected" ] || exit ${CHANGED}
else
  [ "$expected" = absent ] || exit ${CHANGED}
fi
mv -f -- "$beside" "$path"
sync "$folder" 2>/dev/null || sync
`;

const EXISTS = 92;

/** Arguments: the file, the group or ``, the name under which one that is there is kept or ``. Prints mode and `kept`. */
const CREATE = `
set -eu
umask 077
path=$1 gid=$2 backup=$3 mode=600 kept=
[ -z "$backup" ] || path=$(readlink -f -- "$path")
beside=$path.$$.tmp
trap 'rm -f -- "$beside"' EXIT
trap 'exit 1' HUP INT TERM
(set -C; base64 -d >"$beside")
if [ -n "$gid" ] && chgrp "$gid" -- "$beside" 2>/dev/null; then mode=640; fi
chmod "$mode" -- "$beside"
sync "$beside" 2>/dev/null || sync
if [ -z "$backup" ]; then
  [ ! -e "$path" ] || exit ${EXISTS}
  ln -- "$beside" "$path"
else
  if ln -- "$path" "$backup" 2>/dev/null; then kept=kept; fi
  mv -f -- "$beside" "$path"
fi
echo "$mode $kept"
`;

/** As `cli/create-private-file.ts` does it here. @throws {HostError} 'exists' without `backup` */
export async function createPrivateFileOver(
  { run }: Runner,
  path: string,
  content: string,
  { gid, backup }: PrivateFileOptions,
): Promise<PrivateFile> {
  const argv = ['sh', '-c', CREATE, 'sh', path, gid === null ? '' : String(gid), backup ?? ''];
  const { exitCode, stdout, stderr } = await run(argv, {
    input: Buffer.from(content).toString('base64'),
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  if (exitCode === EXISTS) throw new HostError('exists', `cannot write ${path}: it exists already`);
  if (exitCode !== 0) throw writeRefusal(path, stderr);
  const [mode = '600', kept] = stdout.trim().split(' ');
  return { mode: Number.parseInt(mode, 8), backup: kept === 'kept' ? (backup ?? null) : null };
}

type Runner = { run(argv: readonly string[], options: RunOptions): Promise<CommandResult> };

/** Replaces a file over there at one moment, or writes a new one. @throws {HostError} 'changed' when it is not as guarded */
export async function writeFileOver(
  { run }: Runner,
  path: string,
  content: Uint8Array,
  { expectSha256, like, mode = 0o600 }: WriteGuard & { readonly mode?: number },
): Promise<void> {
  const argv = ['sh', '-c', SCRIPT, 'sh', path, expectSha256, like ?? '', mode.toString(8)];
  const { exitCode, stderr } = await run(argv, {
    input: Buffer.from(content).toString('base64'),
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  if (exitCode === 0) return;
  if (exitCode === CHANGED) {
    throw new HostError('changed', `${path} was changed by somebody else meanwhile, so it is left alone`, {
      hint: 'Run the same command again.',
    });
  }
  if (exitCode === LOST_ATTRIBUTES)
    throw new HostError('io', `the access list or SELinux context of ${path} cannot be kept`);
  throw writeRefusal(path, stderr);
}

const REFUSALS: readonly (readonly [RegExp, HostError['code'], string])[] = [
  [/No space left on device/, 'no-space', 'no space is left on the device'],
  [/Disk quota exceeded/, 'no-space', 'the quota is used up'],
  [/Read-only file system/, 'permission-denied', 'the file system is read-only'],
  [/Device or resource busy/, 'io', 'it is mounted by itself, as in a container: mend it outside'],
  [/Operation not permitted/, 'permission-denied', 'its owner cannot be kept by this user'],
  [/Permission denied/, 'permission-denied', 'its folder is not writable for this user'],
  [/No such file or directory|nonexistent directory/, 'not-found', 'its folder does not exist'],
];

function writeRefusal(path: string, stderr: string): HostError {
  const known = REFUSALS.find(([pattern]) => pattern.test(stderr));
  return known === undefined
    ? new HostError('io', `cannot write ${path}: ${stderr.trim()}`)
    : new HostError(known[1], `cannot write ${path}: ${known[2]}`);
}
