import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { gatherSite, type Site } from '../facts/site.ts';
import { HostError } from '../host/host.ts';
import type { PrivateFile } from '../host/private-file.ts';
import { CERTIFICATE_FOLDER, templateValues } from '../init/deployment.ts';
import { fillTemplate } from '../init/fill-template.ts';
import { remainingWork, summaryDocument, summaryText, type Written } from '../init/summary.ts';
import { parseIp } from '../util/ip.ts';
import { decideDeployment } from './init-decision.ts';
import { addInitOptions, type InitFlags, type InitOptions, initOptionsOf } from './init-options.ts';
import type { Ask, Io } from './io.ts';
import { addSshOption } from './options.ts';
import { UsageError } from './usage-error.ts';
import { versionToJudgeBy } from './version-choice.ts';

const SECRET_BYTES = 32;

export function register(
  command: Command,
  io: Io,
  done: (exitCode: number) => void,
  run: typeof runInit = runInit,
): void {
  addSshOption(addInitOptions(command)).action(async (flags: InitFlags) =>
    done(await run(initOptionsOf(flags), io)),
  );
}

/** Looks around, asks what it cannot know, writes the file, says what is left to do. @throws {UsageError} {HostError} */
export async function runInit(options: InitOptions, io: Io): Promise<number> {
  const { output } = options;
  const toStdout = output === '-';
  if (toStdout && options.json === true) throw new UsageError('--json needs a file: --output FILE');
  if (options.stun !== undefined && io.remote !== null) {
    throw new UsageError(
      '--stun would tell the address of this machine, and not that of --ssh',
      'Give --external-ip.',
    );
  }
  if (!toStdout && options.force !== true) await refuseExisting(output, io);
  const version = await versionToJudgeBy(options.asVersion, io.host);
  const site = await gatherSite(io.host, {
    asked: options.tls,
    folder: CERTIFICATE_FOLDER,
    now: io.clock.now(),
  });
  const decide = (ask: Ask | null) => decideDeployment(options, version, site, { ...io, ask });
  const isSilent = options.yes === true || io.dialogue === null;
  const deployment = await (isSilent ? decide(null) : io.dialogue(decide));
  if (io.signal.aborted) return 130;

  const template = await io.readTemplate('turnserver.conf');
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const text = fillTemplate(template.text, templateValues(deployment, secret));
  const file = toStdout ? null : await write(text, options, site, io);
  if (file === null) io.stdout(text);
  const written: Written = {
    path: output,
    mode: file?.mode ?? null,
    group: file?.mode === 0o640 ? (site.service?.group ?? null) : null,
    backup: file?.backup ?? null,
    deployment,
    version,
    toDo: remainingWork({
      file: output,
      deployment,
      version,
      unusable: site.certificates.unusable,
      strangers: options.listeningIp.filter(ip => !isLocal(ip, site)),
      shutOut: file?.mode === 0o600 ? (site.service?.user ?? null) : null,
    }),
    templates: dirname(template.path),
  };
  if (options.json === true) io.stdout(`${JSON.stringify(documentOf(written, io), null, 2)}\n`);
  else (toStdout ? io.stderr : io.stdout)(summaryText(written, io.rendering.width));
  return 0;
}

const documentOf = (written: Written, io: Io) => ({
  schemaVersion: 1,
  tool: { name: 'turnctl', version: io.version },
  command: 'init',
  ...summaryDocument(written),
});

/** Before any question is asked: nobody answers three of them to be turned away. */
async function refuseExisting(path: string, { host }: Io): Promise<void> {
  try {
    await host.status(path);
  } catch (error) {
    if (error instanceof HostError && error.code === 'not-found') return;
    throw error;
  }
  throw new HostError('exists', `${path} exists already`, {
    hint: '--force replaces it and keeps the old one beside it; --output names another file.',
  });
}

async function write(text: string, options: InitOptions, site: Site, io: Io): Promise<PrivateFile> {
  const stamp = new Date(io.clock.now()).toISOString().replaceAll(/[-:]/g, '');
  return io.createPrivateFile(options.output, text, {
    gid: site.service?.gid ?? null,
    ...(options.force === true ? { backup: `${options.output}.${stamp}` } : {}),
  });
}

function isLocal(ip: string, { addresses }: Site): boolean {
  const wanted = parseIp(ip)?.value;
  // Where the addresses could not be read, nothing is known to be strange.
  return addresses.length === 0 || addresses.some(address => parseIp(address.ip)?.value === wanted);
}
