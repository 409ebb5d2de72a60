import { wantsCli } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { isLoopback } from '../local-address.ts';

export default defineRule({
  id: 'listener/cli-exposed',
  meta: {
    title: 'The telnet CLI listens beyond the loopback address',
    why: 'The password crosses the network in clear text, and whoever has it sees the sessions, changes settings of the running server and ends it. It can be tried without limit.',
    remedy: 'Delete cli-ip (the CLI is on 127.0.0.1 then), and reach it over SSH.',
    severity: 'warning',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    const entry = settings.deciding('cli-ip');
    // Without a password coturn does not start it.
    const runs = wantsCli(settings) && settings.text('cli-password') !== '';
    if (!runs || entry === undefined || isLoopback(entry.value ?? '')) return [];
    return [
      {
        message: `The telnet CLI listens on ${entry.value || '0.0.0.0'}, port ${settings.port('cli-port')}`,
        ...atEntry(entry),
      },
    ];
  },
});
