import { defineRule } from '../../model/rule.ts';
import { plural } from '../../util/text.ts';
import { credentialForm, credentialName, wasAccepted } from '../credential-form.ts';

export default defineRule({
  id: 'credentials/expired',
  meta: {
    title: 'The time-limited credential has expired',
    effect: 'Clients get no relay',
    why: 'coturn compares the time in the user name with its own clock and answers 401 once it is past. A page that stays open longer than the credential lives, or a clock that is wrong, has the same effect.',
    remedy:
      'Fetch new credentials before each call, or let them live longer; compare the clocks of the server and of the application.',
    severity: 'error',
    references: ['draft-uberti-behave-turn-rest-00 §2.2'],
  },
  needs: ['credential'],
  uses: ['wire'],
  check: ({ credential, wire }, { now }) => {
    if (credential.expiresAt === null) return { skip: 'the user name carries no time' };
    if (credentialForm(credential, now) !== 'expired' || wasAccepted(wire)) return [];
    const expired = new Date(credential.expiresAt * 1000).toISOString();
    return [
      {
        message: `${credentialName(credential)} expired ${ago(now - credential.expiresAt * 1000)} ago, on ${expired}`,
        evidence: `user name ${credential.username}; observed at ${new Date(now).toISOString()}`,
      },
    ];
  },
});

function ago(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 120) return plural(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? plural(hours, 'hour') : plural(Math.round(hours / 24), 'day');
}
