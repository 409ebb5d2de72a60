import { defineRule } from '../../model/rule.ts';
import { credentialForm, credentialName, wasAccepted } from '../credential-form.ts';

export default defineRule({
  id: 'credentials/timestamp-in-milliseconds',
  meta: {
    title: 'The time in the user name is in milliseconds',
    effect: 'Clients get no relay',
    why: 'coturn expects a Unix time in seconds. Thirteen digits do not fit, and every request is answered with 401.',
    remedy: 'Divide by 1000 and round down before adding the lifetime; JavaScript counts in milliseconds.',
    severity: 'error',
    references: ['draft-uberti-behave-turn-rest-00 §2.2'],
  },
  needs: ['credential'],
  uses: ['wire'],
  check: ({ credential, wire }, { now }) => {
    if (credentialForm(credential, now) !== 'milliseconds' || wasAccepted(wire)) return [];
    const seconds = credential.username.replace(/\d{12,}/, digits => digits.slice(0, -3));
    return [
      {
        message: `${credentialName(credential)} carries the time in milliseconds: ${credential.username}`,
        evidence: `user name ${credential.username}; in seconds it would be ${seconds}`,
      },
    ];
  },
});
