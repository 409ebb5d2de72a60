import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';

/** What coturn looks for in its search path when the option is missing. */
const DEFAULTS = { cert: 'turn_server_cert.pem', pkey: 'turn_server_pkey.pem' } as const;

export default defineRule({
  id: 'tls/certificate-incomplete',
  meta: {
    title: 'Certificate without key, or key without certificate',
    effect: 'No client can use TURN over TLS',
    why: 'TLS needs both. For the one that is missing coturn takes a file name of its own, finds nothing, warns once and runs without TLS.',
    remedy: 'Set cert and pkey, both.',
    severity: 'warning',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    // An empty value has a rule of its own.
    const [cert, pkey] = [settings.deciding('cert'), settings.deciding('pkey')];
    const entry = cert ?? pkey;
    if (entry === undefined || (cert !== undefined && pkey !== undefined)) return [];
    if (settings.flag('no-tls') && settings.flag('no-dtls')) return [];
    const missing = cert === undefined ? 'cert' : 'pkey';
    return [
      {
        message: `${entry.name} is set and ${missing} is not: coturn looks for ${DEFAULTS[missing]}, and has no TLS without it`,
        ...atEntry(entry),
        remedy: `Set ${missing} too.`,
      },
    ];
  },
});
