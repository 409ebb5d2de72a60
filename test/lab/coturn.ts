import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostOptions, type LabHost, startHost } from './host.ts';
import { createNetwork, type LabNode, type Network } from './network.ts';

export const SECRET = 'q7Vb2mZk0sXe9RwT4uYhLab';
export const REALM = 'turn.example.org';
const CA_FILE = '/etc/coturn/ca.pem';

/** The lines of a sound deployment on 203.0.113.10 and 2001:db8::10, for coturn 4.6.1 and later. */
export const SOUND: readonly string[] = [
  'listening-ip=203.0.113.10',
  'listening-ip=2001:db8::10',
  'relay-ip=203.0.113.10',
  'relay-ip=2001:db8::10',
  'listening-port=3478',
  'tls-listening-port=5349',
  'min-port=49160',
  'max-port=49260',
  `realm=${REALM}`,
  'use-auth-secret',
  `static-auth-secret=${SECRET}`,
  'cert=/etc/coturn/turn.pem',
  'pkey=/etc/coturn/turn.key',
  'no-multicast-peers',
  'denied-peer-ip=10.0.0.0-10.255.255.255',
  'denied-peer-ip=100.64.0.0-100.127.255.255',
  'denied-peer-ip=169.254.0.0-169.254.255.255',
  'denied-peer-ip=172.16.0.0-172.31.255.255',
  'denied-peer-ip=192.168.0.0-192.168.255.255',
  'denied-peer-ip=fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  'denied-peer-ip=fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  // To coturn before 4.13.0 these are peers of their own, through which it reaches what is denied above.
  'denied-peer-ip=::ffff:0.0.0.0-::ffff:255.255.255.255',
  'verbose',
  'simple-log',
  'log-file=/var/log/turnserver/turn.log',
];

/** A certificate for the name and the addresses above, from an authority of its own, readable by coturn alone. */
const CERTIFICATES = `
set -e
install -d -o turnserver -g turnserver /etc/coturn /var/log/turnserver
cd /etc/coturn
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj '/CN=Lab authority' \\
  -keyout ca.key -out ca.pem
openssl req -newkey rsa:2048 -nodes -subj '/CN=${REALM}' -keyout turn.key -out turn.csr
printf 'subjectAltName=DNS:${REALM},IP:203.0.113.10,IP:2001:db8::10\\n' >extensions
openssl x509 -req -in turn.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 90 -extfile extensions -out turn.pem
chown turnserver:turnserver turn.key
chmod 0600 turn.key
chmod 0644 ca.pem turn.pem`;

/** A Debian host with coturn, and somebody elsewhere on the Internet. */
export interface CoturnLab {
  readonly network: Network;
  readonly host: LabHost;
  readonly out: LabNode;
  /** For turnctl on the host, and elsewhere: whom to trust. */
  readonly trust: { readonly onHost: Record<string, string>; readonly elsewhere: Record<string, string> };
  close(): Promise<void>;
}

/** Boots the host at the addresses of `SOUND`, with its certificate and folders; coturn still has Debian's configuration. */
export async function startCoturnLab(options: HostOptions = {}): Promise<CoturnLab> {
  const network = createNetwork();
  const out = network.node('out', ['203.0.113.30/24', '2001:db8::30/64']);
  const host = await startHost(network.node('srv', ['203.0.113.10/24', '2001:db8::10/64']), options);
  await host.must(['sh', '-c', CERTIFICATES]);
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-lab-'));
  const authority = join(folder, 'ca.pem');
  writeFileSync(authority, host.readFile(CA_FILE));
  return {
    network,
    host,
    out,
    trust: { onHost: { NODE_EXTRA_CA_CERTS: CA_FILE }, elsewhere: { NODE_EXTRA_CA_CERTS: authority } },
    async close() {
      await host.stop();
      network.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Writes the configuration and starts the unit anew; whether it then runs is for the caller to know. Without `wait` it
 * returns at once: a coturn that cannot bind tries for a minute.
 */
export async function restartCoturn(
  host: LabHost,
  lines: readonly string[],
  { wait = true } = {},
): Promise<void> {
  host.writeFile('/etc/turnserver.conf', `${lines.join('\n')}\n`);
  await host.exec(['systemctl', 'reset-failed', 'coturn']);
  await host.exec(['systemctl', 'restart', 'coturn', ...(wait ? [] : ['--no-block'])]);
}
