// bundle create of this host against ten starts of bare node and its own slowest collector.
import { join } from 'node:path';
import { median } from './measure.mjs';

/** `time` is that of bench.mjs. What the collectors took is in the manifest; the report is no collector's. */
export function bundleRow({ time, runs, folder, node, turnctl, config }) {
  const pairs = Array.from({ length: runs }, (_, i) => {
    const output = join(folder, `bundle-${i}.tar.gz`);
    const argv = [node, turnctl, 'bundle', 'create', '--json', '--config', config, '--output', output];
    const { ms, stdout } = time(argv);
    const bare = time([node, '-e', '0']).ms;
    const { members } = JSON.parse(stdout).manifest;
    const collectors = members.filter(({ path }) => path !== 'report.json');
    return [ms, 10 * bare + Math.max(...collectors.map(member => member.ms))];
  });
  return {
    name: 'bundle create / 10 node -e 0 + slowest part',
    ours: median(pairs.map(([ours]) => ours)),
    peer: median(pairs.map(([, peer]) => peer)),
    ratio: median(pairs.map(([ours, peer]) => ours / peer)),
    limit: 1,
  };
}
