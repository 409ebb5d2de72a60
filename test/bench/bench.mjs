// Ratios against peers of the same run, medians of paired runs. `npm run bench [-- --runs 15]`
import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleRow } from './bundle.mjs';
import { compareEndpoint } from './credential-endpoint.mjs';
import { compareLoad, probeMany } from './load.mjs';
import { logMegabytes, logRow } from './logs.mjs';
import { median, runNode } from './measure.mjs';
import { silentPort, startCoturn } from './servers.mjs';

const runs = Math.max(7, Number(process.argv[process.argv.indexOf('--runs') + 1]) || 7);
const turnctl = resolve(import.meta.dirname, '../../bin/turnctl.js');
const folder = mkdtempSync(join(tmpdir(), 'turnctl-bench-'));
const secret = randomBytes(24).toString('hex');

function time(argv, accepted = [0]) {
  const start = process.hrtime.bigint();
  const result = spawnSync(argv[0], argv.slice(1), {
    encoding: 'utf8',
    env: { ...process.env, TURNCTL_SECRET: secret },
  });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (!accepted.includes(result.status)) {
    throw new Error(`${argv.join(' ')} ended with ${result.status}\n${result.stdout}${result.stderr}`);
  }
  return { ms, stdout: result.stdout };
}

/** Runs ours and the peer in turn, so that what else the machine does falls on both. */
function compare(name, ours, peer, limit, accepted) {
  const times = Array.from({ length: runs }, () => [time(ours, accepted).ms, time(peer, [0, 255]).ms]);
  const [a, b] = [median(times.map(t => t[0])), median(times.map(t => t[1]))];
  return { name, ours: a, peer: b, ratio: median(times.map(([x, y]) => x / y)), limit };
}

/** Copies of real configurations, `count` in all. */
function manyFiles(count) {
  const source = resolve(import.meta.dirname, '../fixtures/real-world');
  const names = readdirSync(source).filter(name => name.endsWith('.conf'));
  const target = join(folder, 'many');
  mkdirSync(target);
  return Array.from({ length: count }, (_, i) => {
    const copy = join(target, `${i}.conf`);
    copyFileSync(join(source, names[i % names.length]), copy);
    return copy;
  });
}

/** 10 MB in 100,000 lines, each option with a mistake. */
function bigFile() {
  const path = join(folder, 'big.conf');
  const lines = Array.from({ length: 100_000 }, (_, i) => {
    const ip = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
    return i % 3 === 2 ? `# ${'comment '.repeat(13)}` : `denied-peer-ip=${ip}-${ip} # ${'note '.repeat(13)}`;
  });
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const lintBig = () => runNode([turnctl, 'lint', bigFile(), '--json', '--fail-on', 'never']);

const server = await startCoturn(folder, secret);
const silent = await silentPort();
const node = process.execPath;
const expiry = Math.floor(Date.now() / 1000) + 3600;
const user = `${expiry}:bench`;
const password = createHmac('sha1', secret).update(user).digest('base64');
try {
  const bare = [node, '-e', '0'];
  const uri = `turn:127.0.0.1:${server.port}?transport=udp`;
  const uclient = [
    'turnutils_uclient',
    '-y',
    '-n',
    '1',
    '-m',
    '1',
    '-u',
    user,
    '-w',
    password,
    '-p',
    String(server.port),
    '127.0.0.1',
  ];
  const rows = [
    compare('turnctl --version / node -e 0', [node, turnctl, '--version'], bare, 1.35),
    compare(
      'probe turn, all legs / uclient -y -n 1 -m 1',
      [node, turnctl, 'probe', 'turn', uri],
      uclient,
      1 / 20,
    ),
    compare(
      'diagnose, this host / node -e 0',
      [node, turnctl, 'diagnose', '--config', server.config, '--fail-on', 'never'],
      bare,
      10,
    ),
    compare(
      'lint, 200 files / node -e 0',
      [node, turnctl, 'lint', ...manyFiles(200), '--fail-on', 'never'],
      bare,
      4,
    ),
    bundleRow({ time, runs, folder, node, turnctl, config: server.config }),
    logRow({ compare, folder, node, turnctl }),
  ];
  const logMemory = logMegabytes({ folder, turnctl });
  const probe = JSON.parse(time([node, turnctl, 'probe', 'turn', uri, '--json']).stdout);
  const requests = probe.observations.find(o => o.probe === 'turn-allocate').requestsSent;
  const big = lintBig();
  const quiet = time(
    [node, turnctl, 'diagnose', `turn:127.0.0.1:${silent.port}?transport=udp`, '--timeout', '2'],
    [1, 3],
  ).ms;
  const endpoint = await compareEndpoint({ turnctl, folder });
  const loads = [
    ...compareLoad({ turnctl, server, user, password, secret }),
    ...(endpoint ? [endpoint] : []),
  ];
  const many = await probeMany({ turnctl, folder });
  console.log(`medians of ${runs} paired runs, milliseconds\n`);
  console.log(
    `${''.padEnd(46)}${'ours'.padStart(9)}${'peer'.padStart(9)}${'ratio'.padStart(9)}${'at most'.padStart(9)}`,
  );
  for (const { name, ours, peer, ratio, limit } of rows) {
    const cells = [ours.toFixed(1), peer.toFixed(1), ratio.toFixed(3), limit.toFixed(3)].map(text =>
      text.padStart(9),
    );
    console.log(`${name.padEnd(46)}${cells.join('')}${ratio <= limit ? '' : '  missed'}`);
  }
  console.log(
    `\n${''.padEnd(46)}${'ours'.padStart(9)}${'peer'.padStart(9)}${'ratio'.padStart(9)}${'at least'.padStart(9)}`,
  );
  for (const { name, ours, peer, ratio, least } of loads) {
    const cells = [ours.toFixed(1), peer.toFixed(1), ratio.toFixed(2), least.toFixed(1)].map(text =>
      text.padStart(9),
    );
    console.log(`${name.padEnd(46)}${cells.join('')}${ratio >= least ? '' : '  missed'}`);
  }
  console.log(
    `\n${many.targets} targets by one process: ${many.seconds.toFixed(2)} s (timeout 5), ${many.megabytes.toFixed(0)} MB (at most 300)`,
  );
  console.log(`Allocate requests in one full TURN test: ${requests} (2 when nothing is lost)`);
  console.log(
    `lint of 10 MB, 100,000 lines: ${big.seconds.toFixed(2)} s (at most 2), ${big.megabytes.toFixed(0)} MB (at most 300)`,
  );
  console.log(`logs of 1 GB: ${logMemory.toFixed(0)} MB of memory (at most 200)`);
  console.log(`diagnose of a silent host with --timeout 2: ${(quiet / 1000).toFixed(2)} s`);
} finally {
  server.stop();
  silent.close();
  rmSync(folder, { recursive: true, force: true });
}
