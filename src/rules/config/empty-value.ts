import { findDirective, isKnown } from '../../config/directives.ts';
import { settingsOf } from '../../config/settings.ts';
import type { Severity } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';

/** What coturn makes of nothing; options left out have a rule of their own, or nothing happens. */
const CONSEQUENCES: Readonly<Record<string, readonly [Severity, string]>> = {
  'listening-port': ['error', 'the system picks a port, and nothing listens on 3478'],
  'tls-listening-port': ['error', 'the system picks a port, and nothing listens on 5349'],
  'min-port': ['warning', 'min-port is 0, and coturn relays from ports below 1024 too'],
  'max-port': ['error', 'max-port is 0 and coturn crashes'],
  'listening-ip': ['warning', 'coturn takes it for 0.0.0.0'],
  'relay-ip': ['warning', 'coturn takes it for 0.0.0.0 and picks an address by itself'],
  'denied-peer-ip': ['warning', 'it is read as 0.0.0.0, which denies every peer'],
  'allowed-peer-ip': ['warning', 'it is read as 0.0.0.0, which allows every peer, whatever is denied'],
  'proc-user': ['error', 'coturn exits over an unknown user name'],
  'proc-group': ['error', 'coturn exits over an unknown group name'],
  cert: ['error', 'TLS and DTLS are off, with one warning in the log'],
  pkey: ['error', 'TLS and DTLS are off, with one warning in the log'],
  'cli-password': ['info', 'the telnet CLI is not started'],
};

export default defineRule({
  id: 'config/empty-value',
  meta: {
    title: 'Option without a value',
    effect: 'A setting has a value that nobody chose',
    why: 'A template that was rendered without its variable leaves the name and nothing behind it. coturn takes that for a value, seldom for the default.',
    remedy: 'Fill in the value, or delete the line for the default.',
    severity: 'warning',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    return coturnEntries(config).flatMap(entry => {
      const consequence = CONSEQUENCES[entry.name];
      if (consequence === undefined || !isKnown(entry.name, version) || (entry.value ?? '') !== '') return [];
      const decides =
        findDirective(entry.name)!.repetition === 'list' || settings.deciding(entry.name) === entry;
      if (!decides) return [];
      const [severity, what] = consequence;
      return [{ message: `${entry.name} has no value: ${what}`, ...atEntry(entry), severity }];
    });
  },
});
