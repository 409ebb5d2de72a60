import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { atEntry, quotedAll } from '../evidence.ts';

export default defineRule({
  id: 'auth/several-secrets',
  meta: {
    title: 'Several secrets are accepted',
    why: 'coturn takes credentials made with any of the static-auth-secret lines. That is how a secret is replaced without a gap; afterwards the old one is to go.',
    remedy: 'Delete the old line when no credential made with it is still in use, then restart coturn.',
    severity: 'info',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const entries = settingsOf(config, version).entries('static-auth-secret');
    if (entries.length < 2) return [];
    return [
      {
        message: `Credentials made with any of ${entries.length} secrets are accepted (${listed(entries.map(e => (e.origin === 'file' ? `line ${e.line}` : 'command line')))})`,
        ...atEntry(entries.at(-1)!),
        evidence: quotedAll(entries),
      },
    ];
  },
});
