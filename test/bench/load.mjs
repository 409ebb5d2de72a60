// What a server can bear, measured by turnctl and by turnutils_uclient in turn.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, runNode } from './measure.mjs';
import { manyServers } from './servers.mjs';

const ROUNDS = 3;
const TARGETS = 1000;

/** Rows of a table: name, ours, the peer's, ratio and the least it should be. */
export function compareLoad({ turnctl, server, user, password, secret }) {
  const uri = `turn:127.0.0.1:${server.port}?transport=udp`;
  const ours = (...flags) => {
    const { stdout } = runNode([turnctl, 'probe', 'load', uri, '--json', '--fail-on', 'never', ...flags], {
      TURNCTL_SECRET: secret,
    });
    return JSON.parse(stdout).observations;
  };
  const uclient = (...flags) => {
    const argv = ['-y', '-c', ...flags, '-u', user, '-w', password, '-p', String(server.port), '127.0.0.1'];
    const start = process.hrtime.bigint();
    const { stdout } = spawnSync('turnutils_uclient', argv, { encoding: 'utf8' });
    return { seconds: Number(process.hrtime.bigint() - start) / 1e9, stdout };
  };
  const setUp = uclient('-n', '1', '-m', '500');
  // What it spends on its one message each is not part of setting up.
  const sending = Number(/Total transmit time is (\d+)/.exec(setUp.stdout)?.[1]);
  const theirs = 500 / (setUp.seconds - sending);
  const rates = Array.from({ length: ROUNDS }, () => {
    const [allocations] = ours('--allocations', '500', '--packets', '1').filter(
      o => o.probe === 'load-allocations',
    );
    return allocations.perSecond;
  });
  const relays = Array.from({ length: ROUNDS }, () => {
    const { stdout } = uclient('-n', '1000', '-m', '100', '-z', '1');
    const seconds = Number(/Total transmit time is (\d+)/.exec(stdout)?.[1]);
    const received = Number(/tot_recv_msgs=(\d+)\n[^\n]*tot_send_bytes/.exec(stdout)?.[1]);
    const relay = ours('--allocations', '100', '--size', '100', '--packets', '100000').find(
      o => o.probe === 'load-relay',
    );
    return { ours: relay.messagesPerSecond, theirs: received / seconds, lost: relay.lost };
  });
  const relayed = median(relays.map(r => r.ours));
  const received = median(relays.map(r => r.theirs));
  return [
    { name: 'allocations a second / uclient -m 500', ours: median(rates), peer: theirs, least: 200 },
    { name: 'messages a second / uclient -m 100 -n 1000', ours: relayed, peer: received, least: 1 },
  ].map(row => ({ ...row, ratio: row.ours / row.peer }));
}

/** 1,000 servers, probed by one process. */
export async function probeMany({ turnctl, folder }) {
  const servers = await manyServers(TARGETS);
  const list = join(folder, 'targets');
  writeFileSync(list, servers.uris.join('\n'));
  const argv = [turnctl, 'probe', 'stun', '--targets', list, '--json', '--timeout', '5'];
  try {
    return { targets: TARGETS, ...runNode(argv) };
  } finally {
    servers.stop();
  }
}
