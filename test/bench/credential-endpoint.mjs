// The credential endpoint beside a bare node:http handler that answers as many bytes, each in a process of its own.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './measure.mjs';

const ROUNDS = 5;

const BARE = `
const body = 'x'.repeat(Number(process.argv[1]));
const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', 'content-length': body.length };
const server = require('node:http').createServer((request, response) => { response.writeHead(200, headers); response.end(body); });
server.listen(0, '127.0.0.1', () => console.error('http://127.0.0.1:' + server.address().port + '/webrtc/turn-credentials,'));`;

/** Starts it and waits for the address that it says. */
async function start(argv) {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  for await (const chunk of child.stderr) {
    text += chunk;
    const [, url] = /(http:\S+?),/.exec(text) ?? [];
    if (url) {
      child.stderr.resume();
      return { url, stop: () => Promise.all([once(child, 'exit'), child.kill('SIGKILL')]) };
    }
  }
  throw new Error(text);
}

/** Requests a second over 32 connections for two seconds. */
function rate(url, token) {
  const argv = ['-t', '1', '-c', '32', '-d', '2', '-H', `Authorization: Bearer ${token}`, url];
  const { stdout } = spawnSync('wrk', argv, { encoding: 'utf8' });
  const [, perSecond] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
  if (/Non-2xx/.test(stdout) || !perSecond) throw new Error(`wrk: ${stdout}`);
  return Number(perSecond);
}

/** A row of the table; null where `wrk` is not installed. */
export async function compareEndpoint({ turnctl, folder }) {
  if (spawnSync('wrk', ['-v']).error) return null;
  const [secret, token] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
  const [secretFile, tokensFile] = [join(folder, 'endpoint-secret'), join(folder, 'endpoint-tokens')];
  writeFileSync(secretFile, secret);
  writeFileSync(tokensFile, `bench ${token}\n`);
  const flags = ['--secret-file', secretFile, '--tokens-file', tokensFile, '--uri', 'turn:turn.example.org'];
  const unlimited = ['--rate-identity', '1000000000', '--rate-address', '1000000000', '--no-access-log'];
  const ours = await start([turnctl, 'credentials', 'serve', '--listen', '0', ...flags, ...unlimited]);
  const answer = await fetch(ours.url, { headers: { authorization: `Bearer ${token}` } });
  const peer = await start(['-e', BARE, String((await answer.text()).length)]);
  try {
    const pairs = Array.from({ length: ROUNDS }, () => [rate(ours.url, token), rate(peer.url, token)]);
    return {
      name: 'credentials a second / bare node:http',
      ours: median(pairs.map(([a]) => a)),
      peer: median(pairs.map(([, b]) => b)),
      ratio: median(pairs.map(([a, b]) => a / b)),
      least: 0.7,
    };
  } finally {
    await Promise.all([ours.stop(), peer.stop()]);
  }
}
