import { expect, test } from 'vitest';
import { messagesOf, parseJournal } from '../../src/host/journald.ts';

const LINES = [
  '2026-11-23T12:55:03+0000 turn systemd[1]: Starting coturn.service - coTURN STUN/TURN Server...',
  '2026-11-23T12:55:03+0000 turn turnserver[295]: 0: : ERROR: bind: Permission denied',
  '2026-11-23T12:55:03+0000 turn turnserver[295]: ',
];
const HINT = 'Hint: You are currently not seeing messages from other users and the system.\n';

const cases = [
  { name: 'lines', stdout: `${LINES.join('\n')}\n`, stderr: '', expected: { known: true, value: LINES } },
  {
    name: 'headers of journalctl are no lines',
    stdout: `-- Logs begin at Mon 2026-01-05 09:00:01 UTC, end at Mon 2026-11-23 12:56:00 UTC. --\n${LINES[0]}\n-- Reboot --\n${LINES[1]}\n`,
    stderr: '',
    expected: { known: true, value: LINES.slice(0, 2) },
  },
  {
    name: 'an empty journal',
    stdout: '-- No entries --\n',
    stderr: '',
    expected: { known: true, value: [] },
  },
  {
    name: 'not root',
    stdout: '',
    stderr: `${HINT}No journal files were opened due to insufficient permissions.\n`,
    expected: {
      known: false,
      reason: 'not root, nor in the group systemd-journal: the journal is not shown',
    },
  },
  {
    name: 'own messages only',
    stdout: '-- No entries --\n',
    stderr: HINT,
    expected: {
      known: false,
      reason: 'not root, nor in the group systemd-journal: the journal is not shown',
    },
  },
  {
    name: 'no journal',
    stdout: '-- No entries --\n',
    stderr: 'No journal files were found.\n',
    expected: { known: false, reason: 'this host keeps no journal' },
  },
];
for (const { name, stdout, stderr, expected } of cases) {
  test(name, () => expect(parseJournal({ exitCode: 0, stdout, stderr })).toEqual(expected));
}

test('messages of one program', () => {
  expect(messagesOf('turnserver', LINES)).toEqual(['0: : ERROR: bind: Permission denied', '']);
});
