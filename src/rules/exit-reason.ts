import type { TransportAddress } from '../model/transport.ts';

/** Why coturn did not start or did not stay, as its journal tells. `line` is the journal's own. */
export type ExitReason = { readonly line: string } & (
  | { readonly kind: 'bind'; readonly errno: number; readonly address: TransportAddress | null }
  | { readonly kind: 'unit-account'; readonly account: 'user' | 'group' }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'memory' | 'timeout' | 'permission' }
  | { readonly kind: 'account' | 'settings' | 'argument' | 'program'; readonly text: string }
);

type Reading = (match: RegExpExecArray, line: string, journal: readonly string[]) => ExitReason;

const ERRNO_OF_TEXT: Readonly<Record<string, number>> = {
  'Permission denied': 13,
  'Address already in use': 98,
  'Cannot assign requested address': 99,
};

const said =
  (kind: 'account' | 'settings' | 'argument' | 'program'): Reading =>
  (match, line) => ({ kind, line, text: match[1] ?? '' });

/** What coturn 4.5 to 4.18 and systemd write. Messages that do not end the process are not among them. */
const PATTERNS: readonly (readonly [RegExp, Reading])[] = [
  [/Trying to bind fd \d+ to <.+>: errno=(\d+)/, (match, line) => bind(Number(match[1]), line, [line])],
  [
    /\bbind\b.*(Permission denied|Address already in use|Cannot assign requested address)/i,
    (match, line, journal) => bind(ERRNO_OF_TEXT[match[1] ?? ''] ?? 0, line, journal),
  ],
  [/(Unknown (?:user|group) name: .*)/, said('account')],
  [
    /status=21([67])\/(?:USER|GROUP)/,
    (match, line) => ({ kind: 'unit-account', line, account: match[1] === '7' ? 'user' : 'group' }),
  ],
  [/(Unknown boolean value: .+?)\. You can use/, said('settings')],
  [/(Invalid port value: .+)/, said('settings')],
  [/Aborting: (.+)/, said('settings')],
  [/(Cannot configure any meaningful IP listener address)/, said('settings')],
  [
    /CONFIG(?: ERROR)?: ((?:If you set the --bps-capacity|--no-udp-relay and|-a and -z|allow_loopback_peers and).+)/,
    said('settings'),
  ],
  [
    /(unrecognized option '.+?'|option '.+?' (?:is ambiguous|requires an argument)|invalid option -- '.')/,
    said('argument'),
  ],
  [/(?:code=(?:killed|dumped), status=\d+\/|main process exited by signal )(SEGV|ABRT|BUS|ILL|FPE)/, signal],
  [/(Segmentation fault)/, (_, line) => ({ kind: 'signal', line, signal: 'SEGV' })],
  [/oom-kill|OOM killer/, (_, line) => ({ kind: 'memory', line })],
  [/start operation timed out|Failed with result 'timeout'/, (_, line) => ({ kind: 'timeout', line })],
  [/Permission denied/, (_, line) => ({ kind: 'permission', line })],
  [/(?:Failed to locate executable|Unable to locate executable|Failed at step) (.+)/, said('program')],
];

const ADDRESS = /(?:to <|to addr )(?:\[([\da-f.:]+)\]|([\d.]+)):(\d+)/i;

function signal(match: RegExpExecArray, line: string): ExitReason {
  return { kind: 'signal', line, signal: match[1] ?? '' };
}

/** Of coturn's lines about one failed bind only some hold the address; the newest is the one meant, and tells most. */
function bind(errno: number, line: string, journal: readonly string[]): ExitReason {
  const named =
    journal.findLast(text => text.includes('errno=')) ?? journal.findLast(text => ADDRESS.test(text));
  const found = named === undefined ? null : ADDRESS.exec(named);
  const address = found ? { ip: found[1] ?? found[2] ?? '', port: Number(found[3]) } : null;
  return { kind: 'bind', line: (named ?? line).trim(), errno, address };
}

/**
 * From the last start that somebody asked for: what systemd repeats by itself fails over the same thing, and what failed
 * before may have been mended since. Where coturn logs into a file, nothing else in the journal tells the two apart.
 */
function sinceAsked(journal: readonly string[]): readonly string[] {
  const starts = journal.flatMap((line, at) => (STARTING.test(line) ? [at] : []));
  const asked = starts.findLast((at, index) => {
    const between = journal.slice(starts[index - 1] ?? 0, at);
    return !between.some(line => line.includes('Scheduled restart job'));
  });
  return journal.slice(asked ?? 0);
}

const STARTING = /systemd\[\d+\]: Starting /;

// coturn goes on without its management port, its pid file and its log file.
const harmless = /:5766\b|CLI listener|pid file|log file/;

/** The newest reason in the journal (oldest line first) since coturn last listened; undefined when it gives none. */
export function exitReason(journal: readonly string[]): ExitReason | undefined {
  const lines = sinceAsked(journal);
  const wasUp = lines.findLastIndex(text => text.includes('UDP listener opened on'));
  const lastRun = lines.slice(wasUp + 1).filter(text => !harmless.test(text));
  for (const line of lastRun.toReversed()) {
    for (const [pattern, read] of PATTERNS) {
      const match = pattern.exec(line);
      if (match) return read(match, line.trim(), lastRun);
    }
  }
  return undefined;
}
