import { authentication } from '../config/effective.ts';
import { type Settings, settingsOf } from '../config/settings.ts';
import type { FactValues } from '../model/facts.ts';
import type { Problem, RuleId } from '../model/finding.ts';
import { changedSince } from './changed-since.ts';
import { atValue } from './evidence.ts';
import { restartCommand } from './service-commands.ts';

type Readable = Pick<FactValues, 'credential'> & Partial<FactValues>;

/** Faults after which no credential of any kind is taken. */
const FOR_EVERYBODY: readonly RuleId[] = [
  'service/second-instance',
  'config/unreadable',
  'database/unreachable',
];

const FOR_SECRETS: readonly RuleId[] = [
  'auth/secret-missing',
  'credentials/clock-skew',
  'config/inline-comment',
  'config/trailing-semicolon',
  'config/quoted-value',
  'config/line-too-long',
];

const FOR_USERS: readonly RuleId[] = [
  'auth/secret-overrides-users',
  'auth/user-key-format',
  'auth/user-malformed',
  'config/inline-comment',
  'config/trailing-semicolon',
];

/** What a second 401 means, by where the credential came from. `elsewhereAccepted`: another address took the same one. */
export function blame(facts: Readable, elsewhereAccepted: boolean): Problem {
  const { credential, config, version } = facts;
  const settings = config && version && settingsOf(config, version.version);
  if (credential.expiresAt === null) return userRefused(facts, settings);
  const secrets = settings?.entries('static-auth-secret') ?? [];
  const at = secrets.length === 1 && secrets[0] ? { at: atValue(secrets[0]).at } : {};
  const why = elsewhereAccepted ? differentServers : secretRefused(facts);
  return { ...why, ...at, causes: [...FOR_EVERYBODY, ...FOR_SECRETS] };
}

const differentServers: Problem = {
  message: 'One address of the server refuses the credential that another accepts: their secrets differ',
  remedy: 'Give every server behind the name the same static-auth-secret.',
};

function userRefused({ credential, service }: Readable, settings: Settings | undefined): Problem {
  const { username } = credential;
  const line = settings?.entries('user').find(({ value }) => value?.startsWith(`${username}:`));
  const at = line ? { at: atValue(line).at } : {};
  const causes = [...FOR_EVERYBODY, ...FOR_USERS];
  if (settings && authentication(settings).mode === 'shared-secret') {
    return {
      ...at,
      causes,
      message: `The server refuses user ${username}: with use-auth-secret no static user is looked up`,
      remedy: 'Use a time-limited credential made with the secret, or remove use-auth-secret.',
    };
  }
  return {
    ...at,
    causes,
    message: `The server refuses user ${username}: it does not know the user, or the password or the realm differs`,
    remedy: `Compare with the user line, or with turnadmin -l for a database; a key made for another realm does not match. Then ${restartCommand(service)}.`,
  };
}

function secretRefused(facts: Readable): Problem {
  const remedy =
    "Copy static-auth-secret from the server's file into the application, byte for byte and without a line end, and restart whichever changed.";
  switch (facts.credential.origin) {
    case 'endpoint': {
      const signer = facts.endpoint?.url ?? 'The application';
      return { message: `${signer} signs with another secret than the server has`, remedy };
    }
    case 'configuration':
      return ownSecretRefused(facts);
    default:
      return { message: 'The secret given is not the secret of the server', remedy };
  }
}

/** The file's own secret is refused on its own host: another file, or an older state of it, is in force. */
function ownSecretRefused({ config, configFile, service, processes = [] }: Readable): Problem {
  const path = config?.path ?? 'the configuration';
  const startedAt = service?.startedAt ?? processes[0]?.startedAt;
  const changedAt = configFile?.modifiedAt;
  if (startedAt && changedAt && changedSince(changedAt, startedAt)) {
    return {
      message: `The server refuses the secret of ${path}: the file changed at ${changedAt}, and coturn runs since ${startedAt} with the old one`,
      remedy: `Run ${restartCommand(service)}; coturn reads its file only when it starts.`,
    };
  }
  return {
    message: `The server refuses the secret of ${path}: what answers there does not run with this file`,
    remedy:
      'Compare the -c argument of the running process (ps -o pid,user,args -C turnserver) with this path, and see that the probed address is this host.',
  };
}
