import { randomBytes } from 'node:crypto';
import { PLANTED, plantedConfiguration } from '../demo/planted.ts';
import { startDemoServer } from '../demo/start.ts';
import { type Gathered, gatherTarget, gatherThisHost } from '../facts/gather.ts';
import { gatherDemo } from '../facts/gather-demo.ts';
import type { Surroundings } from '../facts/surroundings.ts';
import { known } from '../model/fact.ts';
import type { Report } from '../model/report.ts';
import { formatUri, type ServerUri } from '../model/target.ts';
import type { Io } from './io.ts';
import type { ReportOptions, WireOptions } from './options.ts';
import { parseTarget } from './parse-target.ts';
import { readSavedFacts } from './saved-facts.ts';
import { readSecrets } from './secrets.ts';
import { surroundingsOf } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { askedVersion } from './version-choice.ts';

/** What to look at: this host, a target, the demo, or what was seen before. */
export interface GatheringOptions extends Pick<ReportOptions, 'asVersion'>, WireOptions {
  readonly target?: string;
  readonly demo?: boolean;
  readonly from?: string;
  readonly config?: string;
  readonly ssh?: string;
  /** What a client has on its list, to be probed too. */
  readonly listed?: readonly ServerUri[];
}

/** Gathers the facts of what was asked for. @throws {UsageError} {HostError} */
export async function gatherFor(options: GatheringOptions, io: Io): Promise<Gathered> {
  const { target, demo, from, config } = options;
  if ([target, demo, from].filter(value => value !== undefined).length > 1) {
    throw new UsageError('TARGET, --demo and --from exclude each other');
  }
  if (options.ssh !== undefined && (demo === true || from !== undefined)) {
    throw new UsageError('--ssh has no use for --demo and --from');
  }
  const version = options.asVersion === undefined ? undefined : askedVersion(options.asVersion);
  if (from !== undefined) {
    const { facts, host } = await readSavedFacts(from, io);
    return {
      facts: version === undefined ? facts : { ...facts, version: known(version) },
      targets: [],
      host,
    };
  }
  const around = surroundingsOf(io, options.timeout * 1000);
  if (demo === true) return demonstrate(around);
  const { listed } = options;
  const common = { given: await readSecrets(options, io), version, configPath: config, listed };
  if (target === undefined) return gatherThisHost(around, common);
  const targets = parseTarget(target);
  const asked = { targets, bare: targets.length > 1 };
  if (io.remote !== null) return gatherThisHost(around, { ...common, asked });
  return gatherTarget(around, { ...common, ...asked, offered: () => true });
}

async function demonstrate(around: Surroundings): Promise<Gathered> {
  around.onProgress('starting the embedded server');
  const secret = randomBytes(24).toString('base64url');
  const server = await startDemoServer({ realm: 'demo.invalid', secret, noStun: true });
  try {
    const text = plantedConfiguration(server.port, secret);
    return await gatherDemo(around, { port: server.port, text, path: 'demo/turnserver.conf' });
  } finally {
    server.stop();
  }
}

/** What was looked at, for the head of the report. */
export function targetOf(
  { target, demo, from }: GatheringOptions,
  { targets, host }: Gathered,
  io: Io,
): Report['target'] {
  if (demo === true) {
    return { host: '127.0.0.1', note: `the embedded demo server, with ${PLANTED.length} faults planted` };
  }
  if (from !== undefined) return { host: host ?? io.host.name, note: `facts of ${from}` };
  if (target === undefined)
    return { host: io.host.name, note: io.remote === null ? 'this host' : 'its host, over SSH' };
  const [uri] = targets;
  return {
    host: uri?.host ?? target,
    ...(targets.length === 1 && uri !== undefined ? { uri: formatUri(uri) } : {}),
  };
}
