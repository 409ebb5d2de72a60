import { describe, expect, test } from 'vitest';
import { sshFailure } from '../../../src/host/ssh/failure.ts';

/** What OpenSSH 9.2 wrote before it ended with 255. */
const CASES = [
  {
    name: 'unknown host key',
    stderr:
      'No ED25519 host key is known for [192.0.2.1]:22 and you have requested strict checking.\r\nHost key verification failed.\r\n',
    says: 'its host key is not in known_hosts',
    hint: 'Run ssh turn once',
  },
  {
    name: 'changed host key',
    stderr:
      '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nOffending ED25519 key in /root/.ssh/known_hosts:1\r\nHost key verification failed.\r\n',
    says: 'its host key is another one',
    hint: 'ssh-keygen -R',
  },
  {
    name: 'keys refused',
    stderr: 'root@192.0.2.1: Permission denied (publickey,password).\r\n',
    says: 'it refuses the keys offered',
    hint: 'ssh-add -l',
  },
  {
    name: 'too many keys',
    stderr: 'Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures\r\n',
    says: 'it refuses the keys offered',
    hint: 'ssh-agent',
  },
  {
    name: 'no such name',
    stderr: 'ssh: Could not resolve hostname turn: Name or service not known\r\n',
    says: 'its name does not resolve',
    hint: 'HostName',
  },
  {
    name: 'no sshd',
    stderr: 'ssh: connect to host 192.0.2.1 port 22: Connection refused\r\n',
    says: 'nothing listens on its SSH port',
    hint: 'ssh://HOST:PORT',
  },
  {
    name: 'no answer',
    stderr: 'ssh: connect to host 192.0.2.1 port 22: Connection timed out\r\n',
    says: 'it cannot be reached',
    hint: 'firewall',
  },
  {
    name: 'few sessions',
    stderr: 'mux_client_request_session: session request failed: Session open refused by peer\r\n',
    says: 'it allows too few sessions',
    hint: 'MaxSessions',
  },
  { name: 'something new', stderr: 'ssh: a new word\r\n', says: 'a new word', hint: 'ssh -v turn' },
  { name: 'nothing', stderr: '', says: 'ssh said nothing', hint: 'ssh -v turn' },
];

describe('why ssh ended with 255', () => {
  for (const { name, stderr, says, hint } of CASES) {
    test(name, () => {
      const error = sshFailure('turn', stderr);
      expect(error.message).toMatch(/^ssh turn failed: /);
      expect(error.message).toContain(says);
      expect(error.message).not.toContain('\n');
      expect(error.hint).toContain(hint);
    });
  }
});
