import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addSshOption, addTimeoutOption } from '../options.ts';
import { readSecretFile } from '../secrets.ts';
import { UsageError } from '../usage-error.ts';
import { type RotateFlags, rotateUnderJournal, showRotation } from './rotate-run.ts';
import { wholeSeconds } from './sources.ts';

export interface RotateOptions extends RotateFlags {
  readonly newSecretFile?: string;
}

/** As hard to guess as the HMAC key is long, and no character that coturn or a shell reads otherwise. */
const SECRET_BYTES = 32;
const LEAST_LENGTH = 16;

const EXAMPLES = `
coturn takes every static-auth-secret of its file. First the new one is added before the old, and what makes credentials
is given the new one; once the credentials of the old secret have expired, --finish removes it. coturn reads secrets
only when it starts: each half restarts it, which ends running calls. Both halves are tried on the wire, and undone
when the server does not do as it should (exit code 4).

Examples:
  turnctl credentials rotate --plan
  turnctl credentials rotate --yes --secret-output /root/turn-secret
  turnctl credentials rotate --finish --yes`;

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runRotate = runRotate,
): void {
  addSshOption(
    addTimeoutOption(
      command
        .option('--finish', 'remove all secrets but the first of the file, which is the newest')
        .option('--new-secret-file <file>', 'take this secret instead of making one')
        .option('--secret-output <file>', "write the secret that is made there as well, on coturn's host")
        .option('--ttl <seconds>', 'longest life of your credentials', wholeSeconds, 86_400)
        .option('--no-restart', 'change the file alone: coturn takes the new secret when it starts anew')
        .option('--config <file>', 'this turnserver.conf instead of the one found')
        .option('--plan', 'print what would be done, and change nothing')
        .option('--yes', 'do not ask'),
    ),
  )
    .option('--json', 'print one JSON document')
    .option('--output <file>', 'write it there instead of to standard output')
    .option('--no-color', 'no colour (as NO_COLOR)')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: RotateOptions) => done(await run(flags, io)));
}

/** Adds a secret, or removes the old ones; nothing printed holds any. @throws {UsageError} {HostError} */
export async function runRotate(options: RotateOptions, io: Io): Promise<number> {
  const { finish, newSecretFile, secretOutput, restart } = options;
  if (finish === true && (newSecretFile !== undefined || secretOutput !== undefined)) {
    throw new UsageError('--finish makes no secret', 'Leave out --new-secret-file and --secret-output.');
  }
  if (finish === true && !restart) {
    throw new UsageError(
      '--finish needs the restart',
      'Without it coturn goes on taking the old secrets, and nobody can see whether they are gone.',
    );
  }
  if (newSecretFile !== undefined && secretOutput !== undefined) {
    throw new UsageError(
      'the secret of --new-secret-file is in a file already',
      'Leave out --secret-output.',
    );
  }
  if (options.plan !== true && options.yes !== true && io.dialogue === null) {
    throw new UsageError(
      'there is no terminal to ask at',
      'turnctl credentials rotate --plan shows the plan, --yes does it.',
    );
  }
  const secret = newSecretFile === undefined ? madeSecret() : await givenSecret(newSecretFile, io);
  return options.plan === true ? showRotation(secret, options, io) : rotateUnderJournal(secret, options, io);
}

const madeSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

async function givenSecret(path: string, { localHost }: Io): Promise<string> {
  const secret = await readSecretFile(localHost, path);
  if (secret.length < LEAST_LENGTH || /[^\x21-\x7e]/.test(secret)) {
    throw new UsageError(
      `${path}: a secret has ${LEAST_LENGTH} characters at least, of ASCII and without blanks`,
      'As openssl rand -hex 32 makes them.',
    );
  }
  return secret;
}
