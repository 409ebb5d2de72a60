import { expect, test } from 'vitest';
import { renderTrials } from '../../src/report/details/turn-trial.ts';
import { styleOf } from '../../src/report/style.ts';
import { trial } from '../support/observations.ts';

const style = styleOf({ color: false, unicode: false, width: 80 });

test('a table of what was tried, at 80 columns', () => {
  const skipped = { outcome: 'skipped', reason: 'no allocation: 486' } as const;
  const icmp = trial('icmp', { received: null });
  const lines = renderTrials(
    [
      trial('stale-nonce', { reply: 438, renewed: true, accepted: true }),
      trial('channel-range', { channels: [{ channel: 0x4fff, reply: 400 }] }),
      icmp,
      { ...icmp, trial: 'mobility', ...skipped },
      { ...icmp, trial: 'even-port', ...skipped },
      trial('sizes', { sizes: [] }, { transport: 'tcp' }),
    ],
    80,
    style,
  );
  expect(lines.filter(line => line.length > 80)).toEqual([]);
  expect(lines).toEqual([
    'udp 203.0.113.10:3478  tried with the relay, ms, result and meaning',
    '  + stale-nonce        1.0  438, then in: an old nonce is renewed without a gap',
    '  x channel-range      1.0  0x4fff 400: channels that clients use are refused',
    '  i icmp               1.0  nothing came: ICMP errors are not passed on; clients',
    '                            find out by time',
    '    mobility, even-port not tried: no allocation: 486',
    'tcp 203.0.113.10:3478  tried with the relay, ms, result and meaning',
    '  + sizes              1.0  0 bytes pass: no MTU in the way',
  ]);
});
