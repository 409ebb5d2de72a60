const MIN_PORTS = ['45000', '45100 # x', '+45200', ' 45300', '45400-48000', '45500;', '045600'];
const MAX_PORTS = ['45900', '46000 # x', '+46100', '46200\t', '46300 46400'];
const FLAGS = ['', '=0', '=1', '=true', '=false', ' no', '=on', '=off'];
const EXTERNAL_IPS = [
  '203.0.113.1',
  '203.0.113.2/127.0.0.1',
  '203.0.113.3/192.0.2.9',
  '203.0.113.4 # x',
  '2001:db8::1',
  '2001:db8::2/::1',
  'YOUR_IP',
];
// IPv6 ranges end where prefixes do: up to 4.15 coturn compares others in a way of its own.
const RANGES = [
  '10.0.0.1',
  '10.0.0.0-10.255.255.255',
  '10.20.0.0 - 10.20.255.255',
  '10.9.0.0-10.1.0.0',
  '172.16.0.0-172.31.255.255',
  '192.168.0.0-192.168.255.255',
  '169.254.0.0-169.254.255.255',
  '8.8.8.8',
  '127.0.0.1',
  '127.0.0.0-127.255.255.255',
  '0.0.0.0-255.255.255.255',
  '224.0.0.0-239.255.255.255',
  '::1',
  'fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  'fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  '2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
  '::ffff:0.0.0.0-::ffff:255.255.255.255',
  '64:ff9b::-64:ff9b::ffff:ffff',
  '10.0.0.1-',
  '-10.0.0.1',
  '0.0.0.0',
  '0.0.0.0-10.0.0.0',
  '192.0.2.0-0.0.0.0',
  '::',
  '::-::ffff',
  '',
  '203.0.113.0-203.0.113.255',
  'fc00::-10.0.0.1',
];

/** Lines that decide where relayed addresses come from and which peers they may talk to; coturn starts with all of them. */
export function randomRelayConfig(random: () => number): readonly string[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const some = (most: number, line: () => string): string[] =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, line);
  return [
    `min-port=${pick(MIN_PORTS)}`,
    `max-port=${pick(MAX_PORTS)}`,
    ...some(3, () => `external-ip=${pick(EXTERNAL_IPS)}`),
    ...some(4, () => `denied-peer-ip=${pick(RANGES)}`),
    ...some(2, () => `allowed-peer-ip=${pick(RANGES)}`),
    ...some(1, () => `no-multicast-peers${pick(FLAGS)}`),
    ...some(1, () => `allow-loopback-peers${pick(FLAGS)}`),
  ];
}
