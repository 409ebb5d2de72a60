import type { Problem } from '../../model/finding.ts';
import { observed } from '../../model/observation.ts';
import type { AllocateObservation } from '../../model/observations/turn-allocate.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { credentialForm } from '../credential-form.ts';
import { blame } from '../refused-credential.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'credentials/secret-mismatch',
  meta: {
    title: 'The server refuses a sound credential',
    effect: 'Clients get no relay',
    why: 'A second 401, after the credential was sent, means that the server computes another password for it: its secret is not the one that signed, or it does not know the user.',
    remedy:
      'Use one secret on both sides; look for a comment, a quote or a semicolon that became part of it.',
    severity: 'error',
    references: ['RFC 8489 §9.2.4', 'draft-uberti-behave-turn-rest-00 §2.2'],
    explainedBy: [
      'service/second-instance',
      'config/unreadable',
      'config/inline-comment',
      'config/trailing-semicolon',
      'config/quoted-value',
      'config/line-too-long',
      'auth/secret-missing',
      'auth/secret-overrides-users',
      'auth/user-key-format',
      'auth/user-malformed',
      'database/unreachable',
      'credentials/clock-skew',
    ],
  },
  needs: ['credential'],
  uses: ['wire', 'config', 'version', 'configFile', 'service', 'processes', 'endpoint'],
  check: (facts, { now }) => {
    const { wire, credential } = facts;
    const form = credentialForm(credential, now);
    if (form === 'encoding') return { skip: `the credential itself is wrong (${form})` };
    if (credential.secrets?.madeBy === null) return [unknownSecret(credential.secrets.compared)];
    if (form !== 'well-formed') return { skip: `the credential itself is wrong (${form})` };
    if (wire === undefined) return credential.secrets ? [] : { skip: 'no credential was sent' };
    const tried = observed(wire.observations, 'turn-allocate').filter(wasTried);
    if (tried.length === 0) return { skip: 'no credential was sent' };

    // An empty REALM is a fault of its own, with the same 401.
    const refused = tried.filter(observation => isRefused(observation) && observation.realm !== '');
    const accepting = new Set(
      tried.filter(({ outcome }) => outcome === 'allocated').map(({ server }) => server?.ip),
    );
    const alien = refused.filter(({ server }) => !accepting.has(server?.ip));
    const [first] = alien;
    if (!first) return [];
    return [
      {
        ...blame(facts, accepting.size > 0),
        evidence: `401 again after the credential of ${credential.username} was sent to ${listed([...new Set(alien.map(endpointOf))])}, realm "${first.realm ?? ''}"`,
      },
    ];
  },
});

const unknownSecret = (compared: number): Problem => ({
  message:
    compared === 1
      ? 'The secret at hand did not make this password: the application signs with another one'
      : `None of the ${compared} secrets at hand made this password: the application signs with another one`,
  evidence: 'base64(HMAC-SHA1(secret, username)) is another text',
});

const wasTried = (observation: AllocateObservation): boolean =>
  observation.outcome === 'allocated' ||
  ('afterChallenge' in observation && observation.afterChallenge === true);

const isRefused = (observation: AllocateObservation): boolean =>
  wasTried(observation) && observation.outcome === 'error-response' && observation.code === 401;
