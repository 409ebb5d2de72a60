// turnctl logs against `grep -c session` on the same file of 1 GB, and its memory.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from './measure.mjs';

const GIGABYTE = 1e9;

/** What coturn 4.6.1 writes of one call of half an hour with traffic, as user number `i`: lines without their time. */
function callOf(i) {
  const id = `${i % 2}`.padStart(3, '0') + String(1 + (i >> 1)).padStart(15, '0');
  const user = `${1_790_000_000 + (i % 997) * 60}:user${i % 5000}`;
  const say = message => `session ${id}: ${message}\n`;
  const packet = (method, end) =>
    say(`realm <example.org> user <${user}>: incoming packet ${method} processed, ${end}`);
  const usage = (kind, rp, rb, sp, sb) =>
    say(`${kind}: realm=<example.org>, username=<${user}>, rp=${rp}, rb=${rb}, sp=${sp}, sb=${sb}`);
  const lines = [
    say('realm <example.org> user <>: incoming packet message processed, error 401: Unauthorized'),
    `IPv4. Local relay addr: 192.0.2.7:${49_152 + (i % 16_000)}\n`,
    say(`new, realm=<example.org>, username=<${user}>, lifetime=600`),
    packet('ALLOCATE', 'success'),
  ];
  for (let minute = 0; minute < 30; minute += 5) {
    lines.push(
      say(`peer 198.51.100.${i % 250} lifetime updated: 300`),
      packet('CREATE_PERMISSION', 'success'),
    );
    lines.push(
      say(`refreshed, realm=<example.org>, username=<${user}>, lifetime=600`),
      packet('REFRESH', 'success'),
    );
    lines.push(
      usage('usage', 2048, 1_234_567, 2000, 2_345_678),
      usage('peer usage', 2000, 2_300_000, 2048, 1_200_000),
    );
  }
  lines.push(
    say(`refreshed, realm=<example.org>, username=<${user}>, lifetime=0`),
    packet('REFRESH', 'success'),
    usage('usage', 48, 12_345, 20, 2_345),
    usage('peer usage', 20, 2_300, 48, 12_000),
    say(
      `closed (2nd stage), user <${user}> realm <example.org> origin <>, local 192.0.2.7:3478, remote 203.0.113.${i % 250}:${10_000 + (i % 50_000)}, reason: allocation timeout`,
    ),
    say(`delete: realm=<example.org>, username=<${user}>`),
    say(`peer 198.51.100.${i % 250} deleted`),
  );
  return lines;
}

/** Calls at the same time: a few lines of one follow a few of another. */
const AT_ONCE = 400;

function writeBigLog(path) {
  const file = openSync(path, 'w');
  let calls = 0;
  // They did not all begin together.
  const open = Array.from({ length: AT_ONCE }, (_, i) => callOf(calls++).slice(2 * (i % 20)));
  for (let seconds = 0, bytes = 0; bytes < GIGABYTE; seconds += 1) {
    let text = '';
    for (let i = 0; i < AT_ONCE; i += 1) {
      const begins = open[i].length === 0;
      if (begins) open[i] = callOf(calls++);
      for (const line of open[i].splice(0, begins ? 4 : 2)) text += `${seconds}: : ${line}`;
    }
    bytes += writeSync(file, text);
  }
  closeSync(file);
}

/** `compare` is that of bench.mjs. The file is 1 GB in `folder`. */
export function logRow({ compare, folder, node, turnctl }) {
  const path = join(folder, 'big.log');
  writeBigLog(path);
  return compare(
    'logs, 1 GB / grep -c session',
    [node, turnctl, 'logs', path],
    ['grep', '-c', 'session', path],
    2,
  );
}

/** Peak RSS in MB of one run on the file of `logRow`. */
export const logMegabytes = ({ folder, turnctl }) =>
  runNode([turnctl, 'logs', join(folder, 'big.log'), '--json']).megabytes;
