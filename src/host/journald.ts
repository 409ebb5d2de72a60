import { type Fact, known, unknown } from '../model/fact.ts';
import { attempt } from './attempt.ts';
import type { CommandResult, Host } from './host.ts';

const JOURNAL_TIMEOUT_MS = 3_000;

/** The last lines of a unit's journal, oldest first: ISO time, host name, program and message. */
export async function readJournal(host: Host, unit: string, lines: number): Promise<Fact<readonly string[]>> {
  const argv = ['journalctl', `--unit=${unit}`, `--lines=${lines}`, '--output=short-iso', '--no-pager'];
  const result = await attempt(() => host.run(argv, { timeoutMs: JOURNAL_TIMEOUT_MS }));
  return result.known ? parseJournal(result.value) : result;
}

/** What journalctl printed; that it kept the messages of others to itself is a reason, not an empty journal. */
export function parseJournal({
  exitCode,
  stdout,
  stderr,
}: Pick<CommandResult, 'exitCode' | 'stdout' | 'stderr'>): Fact<readonly string[]> {
  if (/insufficient permissions|not seeing messages from other users/.test(stderr)) {
    return unknown('not root, nor in the group systemd-journal: the journal is not shown');
  }
  if (/No journal files were found/.test(stderr)) return unknown('this host keeps no journal');
  if (exitCode !== 0) return unknown(`journalctl: ${stderr.trim()}`);
  // Lines in dashes are journalctl's own: boots, and the span it covers.
  return known(stdout.split('\n').filter(line => line !== '' && !/^-- .* --$/.test(line)));
}

/** Messages of one program out of lines of `readJournal`, as the program wrote them. */
export function messagesOf(program: string, lines: readonly string[]): readonly string[] {
  const prefix = new RegExp(`^\\S+ \\S+ ${program}\\[\\d+\\]: `);
  return lines.filter(line => prefix.test(line)).map(line => line.replace(prefix, ''));
}
