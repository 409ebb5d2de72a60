import { defineRule } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';

/** Below a minute it is the way the answer took. */
const HARMLESS_SECONDS = 60;

export default defineRule({
  id: 'credentials/ttl-mismatch',
  meta: {
    title: 'The ttl of the answer is not the life of the credential',
    effect: 'Calls lose their relay before the application asks for new credentials',
    why: 'The application renews by the ttl; the TURN server goes by the time in the user name. When the first is longer, the credential is dead while the application still uses it, and every Refresh is refused.',
    remedy: 'Compute both from one number: expiry = now + ttl.',
    severity: 'warning',
    references: ['draft-uberti-behave-turn-rest-00 §2.2'],
    explainedBy: [
      'credentials/expired',
      'credentials/timestamp-in-milliseconds',
      'credentials/username-order',
      'credentials/clock-skew',
    ],
  },
  needs: ['endpoint', 'credential'],
  check: ({ endpoint, credential }, { now }) => {
    if (endpoint.outcome !== 'answered') return { skip: endpoint.error };
    const { ttlSeconds, username, url } = endpoint;
    if (ttlSeconds === null) return { skip: 'the answer has no ttl' };
    if (credential.origin !== 'endpoint' || credential.expiresAt === null) {
      return { skip: 'the user name carries no time' };
    }
    const lives = Math.round(credential.expiresAt - now / 1000);
    const longer = ttlSeconds - lives;
    if (Math.abs(longer) <= HARMLESS_SECONDS) return [];
    return [
      {
        message: `${url} says ttl ${ttlSeconds}, and the credential ends in ${plural(lives, 'second')}`,
        evidence: `ttl ${ttlSeconds}, user name ${username}, observed at ${new Date(now).toISOString()}`,
        ...(longer < 0 ? { severity: 'info' as const } : {}),
      },
    ];
  },
});
