import type { CredentialFact } from '../../model/facts.ts';
import { defineRule } from '../../model/rule.ts';
import { credentialForm, credentialName, wasAccepted } from '../credential-form.ts';

const FOUND: Readonly<Record<CredentialFact['passwordForm'], string>> = {
  'hex-sha1': 'the hexadecimal form of the digest (40 characters)',
  'unpadded-base64-sha1': 'base64 without its padding (27 characters)',
  'base64-sha1': 'as it should be',
  other: 'of another length than an HMAC-SHA1 has',
};

export default defineRule({
  id: 'credentials/password-encoding',
  meta: {
    title: 'The password is encoded in a way coturn does not accept',
    effect: 'Clients get no relay',
    why: 'coturn computes base64(HMAC-SHA1(secret, username)), 28 characters that end in "=", and uses that text as the password. A hex digest, base64url, missing padding, MD5 or SHA-256 give another text, and 401.',
    remedy:
      'Encode the raw 20 bytes of the HMAC-SHA1 in base64 with padding: createHmac("sha1", secret).update(username).digest("base64") in Node.',
    severity: 'error',
    references: ['draft-uberti-behave-turn-rest-00 §2.2'],
  },
  needs: ['credential'],
  uses: ['wire'],
  check: ({ credential, wire }, { now }) => {
    if (credential.expiresAt === null) return { skip: 'a static user chooses any password' };
    if (credentialForm(credential, now) !== 'encoding' || wasAccepted(wire)) return [];
    return [
      {
        message: `${credentialName(credential)} has a password in a form coturn does not compute: ${FOUND[credential.passwordForm]}`,
        evidence: `user name ${credential.username}, password: ${credential.passwordForm}`,
      },
    ];
  },
});
