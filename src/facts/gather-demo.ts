import { type Fact, known } from '../model/fact.ts';
import type { VersionFact, WireFact } from '../model/facts.ts';
import type { ServerUri } from '../model/target.ts';
import type { Step } from '../probes/plan.ts';
import { type Configuration, configurationOf } from './configuration.ts';
import type { Gathered } from './gather.ts';
import { probeWire } from './probe-wire.ts';
import type { Surroundings } from './surroundings.ts';
import { unknownFacts } from './unknown-facts.ts';

/** node-turn takes every peer, kills an allocation on Refresh and drops ChannelData: none of that is the user's fault. */
const EMBEDDED_STEPS: ReadonlySet<Step> = new Set(['stun-binding', 'turn-allocate', 'turn-data-path']);

/** The embedded server of the demo: its planted configuration, and its wire. */
export async function gatherDemo(
  around: Surroundings,
  { port, text, path }: { readonly port: number; readonly text: string; readonly path: string },
): Promise<Gathered> {
  const now = around.clock.now();
  const version: VersionFact = { version: '4.6.1', origin: 'asked' };
  const configuration: Configuration = configurationOf(new TextEncoder().encode(text), {
    path,
    foundBy: 'demo',
    argv: [],
    version: version.version,
  });
  const targets: ServerUri[] = [{ scheme: 'turn', host: '127.0.0.1', port, transport: 'udp' }];
  const probed = await probeWire(around, targets, {
    vantage: 'server-host',
    embedded: true,
    steps: EMBEDDED_STEPS,
    now,
    sources: { configured: configuration.secrets },
  });
  const base = unknownFacts(new Date(now).toISOString(), 'the embedded server is no service of this host');
  return {
    facts: {
      ...base,
      version: known(version),
      config: configuration.fact,
      ...probed,
      wire: withoutChannels(probed.wire),
    },
    targets,
  };
}

function withoutChannels(wire: Fact<WireFact>): Fact<WireFact> {
  if (!wire.known) return wire;
  const leg = { outcome: 'skipped', reason: 'the embedded server does not relay ChannelData' } as const;
  const observations = wire.value.observations.map(observation =>
    observation.probe === 'turn-data-path' && observation.outcome === 'complete'
      ? { ...observation, channelBind: leg, channelInbound: leg, channelOutbound: leg }
      : observation,
  );
  return known({ ...wire.value, observations });
}
