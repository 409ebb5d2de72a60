import { type ChildProcess, fork } from 'node:child_process';
import { HostError } from '../host/host.ts';
import type { DemoMessage, DemoSettings } from './protocol.ts';

export interface DemoServer {
  readonly port: number;
  stop(): void;
}

/** Starts the embedded server in a child process and waits until it listens on 127.0.0.1. @throws {HostError} when it cannot. */
export function startDemoServer(settings: DemoSettings): Promise<DemoServer> {
  const child = fork(new URL('./demo-server.js', import.meta.url), {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
  });
  child.send(settings);
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      child.kill('SIGKILL');
      reject(new HostError('io', `the embedded server did not start: ${reason}`));
    };
    child.once('error', error => fail(error.message));
    child.once('exit', code => fail(`it ended with ${code}`));
    child.once('message', (message: DemoMessage) => {
      if ('error' in message) return fail(message.error);
      child.removeAllListeners('exit');
      resolve({ port: message.port, stop: () => stop(child) });
    });
  });
}

function stop(child: ChildProcess): void {
  child.kill('SIGKILL');
  child.unref();
}
