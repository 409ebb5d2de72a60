import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issue } from '../support/certificates.ts';
import { browserOn, type LabBrowser } from './browser.ts';
import { SECRET, SOUND } from './coturn.ts';
import { createNetwork, type LabNode, type Network } from './network.ts';
import { type BareTurnserver, startTurnserver } from './turnserver.ts';

/** Two people behind symmetric NATs of their own, the servers they may be given, and somebody who looks on. */
export interface CallLab {
  readonly network: Network;
  readonly out: LabNode;
  /** One for each of the two people. */
  readonly browsers: readonly [LabBrowser, LabBrowser];
  /** The machines that these browsers are on. */
  readonly machines: readonly [LabNode, LabNode];
  readonly routers: readonly [LabNode, LabNode];
  readonly secretFile: string;
  /** Of the certificate that every server has: nobody trusts it by itself. */
  readonly certificate: string;
  /** Starts a sound server at this address, its lines changed, and writes them into a file too. */
  serve(
    ip: string,
    change?: (lines: readonly string[]) => readonly string[],
  ): Promise<{ readonly server: BareTurnserver; readonly lines: readonly string[] }>;
  writeConfig(name: string, lines: readonly string[]): string;
  close(): Promise<void>;
}

/** Builds it; needs root and Chromium. */
export function startCallLab(): CallLab {
  const network = createNetwork();
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-calls-'));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const { certificate, key } = issue({ subject: 'turn.example.org', names: ['IP:203.0.113.10'] });
  const files = [`cert=${write('turn.pem', certificate)}`, `pkey=${write('turn.key', key)}`];
  const person = (name: string, outside: string, inside: string) => {
    const router = network.router(`nat-${name}`, {
      nat: 'symmetric',
      outside: `${outside}/24`,
      inside: `${inside}.1/24`,
    });
    const machine = router.node(`cli-${name}`, [`${inside}.2/24`]);
    return { router, machine, browser: browserOn(machine) };
  };
  const a = person('a', '203.0.113.41', '10.1.0');
  const b = person('b', '203.0.113.42', '10.2.0');
  const servers: BareTurnserver[] = [];
  return {
    network,
    out: network.node('out', ['203.0.113.30/24', '2001:db8::30/64']),
    browsers: [a.browser, b.browser],
    machines: [a.machine, b.machine],
    routers: [a.router, b.router],
    secretFile: write('secret', SECRET),
    certificate,
    async serve(ip, change = lines => lines) {
      const v6 = ip.replace('203.0.113.', '2001:db8::');
      const sound = SOUND.filter(line => !/^(cert|pkey|log-file)=/.test(line)).map(line =>
        line
          .replace('=203.0.113.10', `=${ip}`)
          .replace('=2001:db8::10', `=${v6}`)
          // A hundred calls with three ways each.
          .replace('max-port=49260', 'max-port=52000'),
      );
      const lines = [...change(sound), ...files];
      const server = await startTurnserver(
        network.node(`srv${ip.slice(10)}`, [`${ip}/24`, `${v6}/64`]),
        lines,
      );
      servers.push(server);
      return { server, lines };
    },
    writeConfig: (name, lines) => write(name, `${lines.join('\n')}\n`),
    async close() {
      await Promise.all(servers.map(server => server.stop()));
      for (const browser of [a.browser, b.browser]) browser.remove();
      network.close();
      rmSync(folder, { recursive: true });
    },
  };
}
