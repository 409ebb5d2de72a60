import { describe, expect, test } from 'vitest';
import { isKnown } from '../../src/config/directives.ts';
import { listenerPlan } from '../../src/config/effective.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { configFact } from '../../src/config/redact.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { startFailures } from '../../src/config/start-failure.ts';
import { randomConfig, randomSource } from './random-config.ts';
import { inParallel, installed, newer, type Turnserver, verdictOf } from './turnserver.ts';

const FILES = Number(process.env.TURNCTL_DIFFERENTIAL_FILES ?? 60);
const FIRST_SEED = Number(process.env.TURNCTL_DIFFERENTIAL_SEED ?? 1);

/** What we say coturn makes of a file: does it start, which names does it not know, which listeners does it log. */
function ourReading(version: string, config: Uint8Array) {
  const parsed = parseConfig(config, 'turnserver.conf', version);
  const settings = settingsOf(configFact(parsed, { foundBy: 'asked' }), version, 'debian');
  const { udp, tcp, proxyPort } = listenerPlan(settings);
  const listeners = [
    ...(udp.on ? [`UDP listener opened on: 127.0.0.1:${udp.port}`] : []),
    ...(tcp.on ? [`TCP listener opened on : 127.0.0.1:${tcp.port}`] : []),
    ...(proxyPort === null ? [] : [`TCP listener opened on : 127.0.0.1:${proxyPort}`]),
  ];
  const names = parsed.entries.map(({ name }) => name).filter(name => !isKnown(name, version, 'debian'));
  return {
    outcome: startFailures(settings).length === 0 ? 'runs' : 'exits',
    unknown: [...new Set(names)].sort(),
    // Port 0 is any port.
    listeners: listeners.filter(line => !line.endsWith(':0')),
  };
}

async function compare(turnserver: Turnserver, seed: number): Promise<void> {
  const config = randomConfig(randomSource(seed));
  const ours = ourReading(turnserver.version, config);
  const theirs = await verdictOf(turnserver, config, {
    isComplete: log => ours.listeners.every(line => log.includes(line)),
  });
  const about = `seed ${seed}:\n${config.toString('utf8')}\n--- ${theirs.log}`;
  expect({ outcome: theirs.outcome, unknown: [...theirs.unknown].sort() }, about).toEqual({
    outcome: ours.outcome,
    unknown: ours.unknown,
  });
}

describe.each([
  ['installed', installed],
  ['newer', newer],
] as const)('random files, read as by the %s coturn', (which, turnserver) => {
  test(`${FILES} files from seed ${FIRST_SEED}`, { timeout: 30_000 + FILES * 2_000 }, async context => {
    if (!turnserver && which === 'newer') context.skip('TURNCTL_COTURN_NEWER names no turnserver');
    const seeds = Array.from({ length: FILES }, (_, i) => FIRST_SEED + i);
    await inParallel(seeds, 3, seed => compare(turnserver!, seed));
  });
});
