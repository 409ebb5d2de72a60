// Servers to measure against: coturn, one that is silent, and many that answer Binding.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

function freePort() {
  return new Promise((done, fail) => {
    const socket = createSocket('udp4').once('error', fail);
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => done(port));
    });
  });
}

/** A coturn on loopback, in `folder`. */
export async function startCoturn(folder, secret) {
  const port = await freePort();
  const config = join(folder, 'turnserver.conf');
  writeFileSync(
    config,
    `listening-ip=127.0.0.1\nlistening-port=${port}\nrealm=bench.invalid\nuse-auth-secret\nstatic-auth-secret=${secret}\nallow-loopback-peers\nno-cli\nno-tls\nno-dtls\nlog-file=${folder}/log\nsimple-log\nno-stdout-log\npidfile=${folder}/pid\nuserdb=${folder}/db\n`,
  );
  // No pipe to read from: the runs below block this process.
  const child = spawn('turnserver', ['-c', config], { stdio: 'ignore' });
  await answers(port, child);
  return { port, config, stop: () => child.kill('SIGKILL') };
}

/** Asks Binding until it is answered: that is when the server serves. */
function answers(port, child) {
  const socket = createSocket('udp4');
  const request = Buffer.concat([Buffer.from('000100002112a442', 'hex'), randomBytes(12)]);
  return new Promise((done, fail) => {
    const again = setInterval(() => socket.send(request, port, '127.0.0.1'), 50);
    const end = action => () => {
      clearInterval(again);
      socket.close();
      child.removeAllListeners('exit');
      action();
    };
    socket.once('message', end(done));
    socket.on('error', () => {});
    child.once(
      'error',
      end(() => fail(new Error('turnserver cannot be started: apt-get install coturn'))),
    );
    child.once(
      'exit',
      end(() => fail(new Error('turnserver ended'))),
    );
  });
}

/** A socket that takes everything and says nothing. */
export async function silentPort() {
  const socket = createSocket('udp4');
  await new Promise(done => socket.bind(0, '127.0.0.1', done));
  return { port: socket.address().port, close: () => socket.close() };
}

/** `count` addresses of 127.0.0.0/8 that answer Binding on one port, in a process of their own; returns their URIs. */
export async function manyServers(count) {
  const port = await freePort();
  const script = join(import.meta.dirname, 'binding-servers.mjs');
  const child = spawn(process.execPath, [script, String(count), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise(done => child.stdout.once('data', done));
  return {
    uris: Array.from({ length: count }, (_, i) => `stun:${addressOf(i)}:${port}`),
    stop: () => child.kill('SIGKILL'),
  };
}

/** The nth address. */
export const addressOf = n => `127.${20 + Math.floor(n / 250)}.0.${1 + (n % 250)}`;
