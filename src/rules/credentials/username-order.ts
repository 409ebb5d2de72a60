import { defineRule } from '../../model/rule.ts';
import { credentialForm, credentialName, wasAccepted } from '../credential-form.ts';

export default defineRule({
  id: 'credentials/username-order',
  meta: {
    title: 'A numeric user id stands where coturn reads the time',
    effect: 'Clients get no relay',
    why: 'Of two numbers coturn takes the first as the time. A user id of digits in front of it is a moment in 1970, so that the credential has expired before it was made. With a user id that is no number either order works.',
    remedy: 'Put the time first: expiry:userid.',
    severity: 'error',
    references: ['draft-uberti-behave-turn-rest-00 §2.2', 'coturn 4.6.1 userdb.c, get_rest_api_timestamp'],
  },
  needs: ['credential'],
  uses: ['wire'],
  check: ({ credential, wire }, { now }) => {
    if (credentialForm(credential, now) !== 'order' || wasAccepted(wire)) return [];
    const [id, time] = credential.username.split(':');
    return [
      {
        message: `${credentialName(credential)} has ${id} where coturn reads the time, and the time ${time} behind it`,
        evidence: `user name ${credential.username}`,
        remedy: `Put the time first, ${time}:${id}, and sign that.`,
      },
    ];
  },
});
