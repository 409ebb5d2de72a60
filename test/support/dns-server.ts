import { createSocket } from 'node:dgram';
import { once } from 'node:events';

type Srv = {
  readonly priority?: number;
  readonly weight?: number;
  readonly port: number;
  readonly host: string;
};
type Naptr = {
  readonly order?: number;
  readonly preference?: number;
  readonly flags: string;
  readonly service: string;
  readonly replacement: string;
};

export interface Zone {
  readonly srv?: { readonly [name: string]: readonly Srv[] };
  readonly naptr?: { readonly [name: string]: readonly Naptr[] };
  /** Names whose lookup the server refuses or never answers. */
  readonly fails?: { readonly [name: string]: 'SERVFAIL' | 'silence' };
}

const TYPES = { SRV: 33, NAPTR: 35 };
const NXDOMAIN = 3;
const SERVFAIL = 2;

const u16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 2 * index);
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
const nameBytes = (name: string): Buffer =>
  Buffer.concat([...name.split('.').filter(Boolean).map(text), Buffer.from([0])]);

const srvData = ({ priority = 0, weight = 0, port, host }: Srv): Buffer =>
  Buffer.concat([u16(priority, weight, port), nameBytes(host)]);
const naptrData = ({ order = 10, preference = 10, flags, service, replacement }: Naptr): Buffer =>
  Buffer.concat([u16(order, preference), text(flags), text(service), text(''), nameBytes(replacement)]);

function questionOf(query: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.subarray(at + 1, at + 1 + length).toString());
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** A name server of one zone on loopback: what is not in it does not exist. */
export async function startDnsServer(
  zone: Zone,
): Promise<{ readonly address: string; readonly asked: readonly string[]; stop(): void }> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = questionOf(query);
    asked.push(name);
    const failure = zone.fails?.[name];
    if (failure === 'silence') return;
    const data =
      type === TYPES.SRV
        ? (zone.srv?.[name] ?? []).map(srvData)
        : type === TYPES.NAPTR
          ? (zone.naptr?.[name] ?? []).map(naptrData)
          : [];
    const code = failure === 'SERVFAIL' ? SERVFAIL : data.length === 0 ? NXDOMAIN : 0;
    const answers = data.map(bytes => Buffer.concat([u16(0xc00c, type, 1, 0, 60, bytes.length), bytes]));
    const header = Buffer.concat([query.subarray(0, 2), u16(0x8180 | code, 1, data.length, 0, 0)]);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, asked, stop: () => socket.close() };
}
