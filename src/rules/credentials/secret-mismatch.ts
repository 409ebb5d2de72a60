import { authentication } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import type { FactValues } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { type AllocateObservation, observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { credentialForm } from '../credential-form.ts';
import { restartCommand } from '../service-commands.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'credentials/secret-mismatch',
  meta: {
    title: 'The server refuses a sound credential',
    effect: 'Nobody gets a relay: the server refuses the credentials',
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
    ],
  },
  needs: ['wire', 'credential'],
  uses: ['config', 'version', 'configFile', 'service', 'processes', 'endpoint'],
  check: (facts, { now }) => {
    const { wire, credential } = facts;
    const form = credentialForm(credential, now);
    if (form !== 'well-formed') return { skip: `the credential itself is wrong (${form})` };
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

const wasTried = (observation: AllocateObservation): boolean =>
  observation.outcome === 'allocated' ||
  ('afterChallenge' in observation && observation.afterChallenge === true);

const isRefused = (observation: AllocateObservation): boolean =>
  wasTried(observation) && observation.outcome === 'error-response' && observation.code === 401;

type Readable = Pick<FactValues, 'credential'> & Partial<FactValues>;

function blame(facts: Readable, elsewhereAccepted: boolean): Problem {
  const { credential, service, config, version } = facts;
  const settings = config && version && settingsOf(config, version.version);
  const secrets = settings?.entries('static-auth-secret') ?? [];
  const [secret] = secrets;
  const at =
    secrets.length === 1 && secret
      ? { at: { file: secret.file, line: secret.line, column: secret.valueColumn } }
      : {};
  if (elsewhereAccepted) {
    return {
      ...at,
      message:
        'One address of the server refuses the credential that another accepts: they have different secrets',
      remedy: 'Give every server behind the name the same static-auth-secret.',
    };
  }
  if (credential.expiresAt === null) {
    const mode = settings && authentication(settings).mode;
    return {
      message: `The server refuses user ${credential.username}: ${mode === 'shared-secret' ? 'with use-auth-secret no static user is looked up' : 'unknown to it, or the password or realm differs'}`,
      remedy:
        mode === 'shared-secret'
          ? 'Use a time-limited credential made with the secret, or remove use-auth-secret.'
          : `Compare with the user= line, or with turnadmin -l for a database; a key made for another realm does not match. Then ${restartCommand(service)}.`,
      ...at,
    };
  }
  if (credential.origin !== 'configuration') {
    const signer =
      facts.endpoint?.outcome === 'answered' && credential.origin === 'endpoint'
        ? facts.endpoint.url
        : 'The secret given';
    return {
      ...at,
      message: `${credential.origin === 'endpoint' ? `${signer} signs with another secret than the server has` : `${signer} is not the secret of the server`}`,
      remedy: `Copy static-auth-secret from the server's file into the application, byte for byte and without a line end, and restart whichever changed.`,
    };
  }
  return { ...at, ...ownSecretRefused(facts) };
}

/** The file's own secret is refused on its own host: another file, or an older state of it, is in force. */
function ownSecretRefused({ config, configFile, service, processes = [] }: Readable): Problem {
  const path = config?.path ?? 'the configuration';
  const startedAt = service?.startedAt ?? processes[0]?.startedAt ?? null;
  const changed = configFile?.modifiedAt;
  if (startedAt !== null && changed !== undefined && Date.parse(changed) > Date.parse(startedAt)) {
    return {
      message: `The server refuses the secret of ${path}: the file changed on ${changed}, and coturn runs since ${startedAt} with the old one`,
      remedy: `Run ${restartCommand(service)}; coturn reads its file only when it starts.`,
    };
  }
  return {
    message: `The server refuses the secret of ${path}: what answers there does not run with this file`,
    remedy:
      'Compare the -c argument of the running process (ps -o pid,user,args -C turnserver) with this path, and see that the probed address is this host.',
  };
}
