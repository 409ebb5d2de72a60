import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { attribute } from '../../src/stun/attributes.ts';
import { allocate, createPermission, refresh } from '../../src/turn/requests.ts';
import type { Coturn } from './coturn.ts';
import { openRawTurn, type RawTurn } from './raw-turn.ts';
import { openTurnClient } from './turn-client.ts';

/** What the client did, and what it saw. */
export interface Told {
  readonly what: string;
  readonly user: string;
  readonly client: string;
  /** Error codes it got, the first challenge among them, in their order. */
  readonly codes: readonly number[];
  readonly relayed: string | null;
}

/** Users and limits that `callEveryWay` counts on. */
export const SCENARIO_LINES = [
  'realm=log.test',
  'lt-cred-mech',
  // One for each conversation: for a second after it is deleted, an allocation counts against the quota.
  ...['alice', 'bob', 'carol', 'dan', 'erin', 'frank', 'grace', 'greedy'].map(
    name => `user=${name}:of-${name}`,
  ),
  'user-quota=2',
  'no-tcp-relay',
  'denied-peer-ip=10.0.0.0-10.255.255.255',
];

const credentialOf = (username: string) => ({ username, password: `of-${username}` });
const BOB = credentialOf('bob');

class Recorder {
  readonly told: Told[] = [];
  readonly #server: Coturn;
  constructor(server: Coturn) {
    this.#server = server;
  }

  /** One conversation from a socket of its own, which stays silent afterwards. */
  async converse(
    what: string,
    user: string,
    talk: (turn: RawTurn, ask: RawTurn['ask']) => Promise<void>,
  ): Promise<void> {
    const turn = await openRawTurn(this.#server);
    const codes: number[] = [];
    let relayed: string | null = null;
    const ask: RawTurn['ask'] = async (request, as) => {
      const code = await turn.ask(request, as);
      if (code !== 0) codes.push(code);
      const address = turn.answer && attribute(turn.answer, 'XOR-RELAYED-ADDRESS');
      if (address) relayed = `${address.ip}:${address.port}`;
      return code;
    };
    try {
      await talk(turn, ask);
    } finally {
      turn.close();
    }
    this.told.push({ what, user, client: `127.0.0.1:${turn.port}`, codes, relayed });
  }
}

/** Every error that one server with static users can give, and a good call over each transport. */
export async function callEveryWay(server: Coturn): Promise<readonly Told[]> {
  const recorder = new Recorder(server);
  const peer = createSocket('udp4');
  peer.bind(0, '127.0.0.1');
  await once(peer, 'listening');
  const there = { ip: '127.0.0.1', port: peer.address().port };
  try {
    for (const [transport, user] of [
      ['udp', 'alice'],
      ['tcp', 'alice'],
      ['tls', 'carol'],
    ] as const) {
      const address = { ip: server.ip, port: transport === 'tls' ? server.tlsPort : server.port };
      const client = await openTurnClient(transport, address, { credential: credentialOf(user) });
      const got = await client.ask(allocate());
      const permitted = await client.ask(createPermission([there]));
      const received = once(peer, 'message');
      client.sendTo(there, 'hello');
      await received;
      await client.ask(refresh(0));
      client.close();
      if (got.kind !== 'succeeded' || permitted.kind !== 'succeeded')
        throw new Error(`the good call over ${transport} failed`);
      const { ip, port } = attribute(got.response, 'XOR-MAPPED-ADDRESS')!;
      const relayed = attribute(got.response, 'XOR-RELAYED-ADDRESS')!;
      recorder.told.push({
        what: `good ${transport}`,
        user,
        client: `${ip}:${port}`,
        codes: [401],
        relayed: `${relayed.ip}:${relayed.port}`,
      });
    }
    await recorder.converse('wrong password', 'alice', async (_, ask) => {
      await ask(allocate());
      await ask(allocate(), { username: 'alice', password: 'wrong' });
    });
    await recorder.converse('unknown user', 'mallory', async (_, ask) => {
      await ask(allocate());
      await ask(allocate(), { username: 'mallory', password: 'guess' });
    });
    await recorder.converse('denied peer', 'dan', async (_, ask) => {
      await ask(allocate());
      await ask(allocate(), credentialOf('dan'));
      await ask(createPermission([{ ip: '10.1.2.3', port: 80 }]), credentialOf('dan'));
      await ask(refresh(0), credentialOf('dan'));
    });
    await recorder.converse('twice on one 5-tuple', 'erin', async (_, ask) => {
      await ask(allocate());
      await ask(allocate(), credentialOf('erin'));
      await ask(allocate(), credentialOf('erin'));
      await ask(refresh(0), credentialOf('erin'));
    });
    await recorder.converse('no allocation', 'bob', async (_, ask) => {
      await ask(allocate());
      await ask(refresh(600), BOB);
    });
    await recorder.converse('wrong nonce', 'frank', async (_, ask) => {
      await ask(allocate());
      await ask(allocate(), { ...credentialOf('frank'), nonce: 'deadbeefdeadbeef' });
      await ask(allocate(), credentialOf('frank'));
      await ask(refresh(0), credentialOf('frank'));
    });
    await recorder.converse('another user', 'grace', async (_, ask) => {
      await ask(allocate());
      await ask(allocate(), credentialOf('grace'));
      await ask(refresh(600), BOB);
      await ask(refresh(0), credentialOf('grace'));
    });
    await recorder.converse('tcp relay', 'bob', async (_, ask) => {
      await ask(allocate());
      await ask(allocate({ requestedTransport: 'tcp' }), BOB);
    });
    for (const nth of [1, 2, 3]) {
      await recorder.converse(`quota ${nth}`, 'greedy', async (_, ask) => {
        await ask(allocate());
        await ask(allocate(), credentialOf('greedy'));
      });
    }
    const { tlsPort: port, ip: host } = server;
    const plain = connect(port, host);
    plain.write('GET / HTTP/1.1\r\nHost: log.test\r\n\r\n');
    recorder.told.push(await closedSoon('http on the TLS port', plain));
    // Its certificate is nobody's whom this client knows.
    const wary = connectTls({ port, host });
    recorder.told.push(await closedSoon('certificate refused', wary));
  } finally {
    peer.close();
  }
  return recorder.told;
}

/** A connection without a user, until either side closes it. */
async function closedSoon(what: string, socket: Socket): Promise<Told> {
  socket.on('error', () => {});
  const closed = new Promise(resolve => socket.resume().once('close', resolve));
  await once(socket, 'connect');
  const client = `127.0.0.1:${socket.localPort}`;
  await closed;
  return { what, user: '', client, codes: [], relayed: null };
}

/** What `callWithSharedSecret` counts on. */
export const SECRET_LINES = ['realm=log.test', 'use-auth-secret', 'static-auth-secret=north-of-the-wall'];

const signed = (username: string, secret: string) => ({
  username,
  password: createHmac('sha1', secret).update(username).digest('base64'),
});

/** A good time-limited credential, one that is past, and one signed with another secret. `now` in seconds. */
export async function callWithSharedSecret(server: Coturn, now: number): Promise<readonly Told[]> {
  const recorder = new Recorder(server);
  const cases = [
    ['good', signed(`${now + 3600}:carol`, 'north-of-the-wall')],
    ['expired', signed(`${now - 3600}:carol`, 'north-of-the-wall')],
    ['other secret', signed(`${now + 3600}:dave`, 'south')],
  ] as const;
  for (const [what, credential] of cases) {
    await recorder.converse(what, credential.username, async (_, ask) => {
      await ask(allocate());
      if ((await ask(allocate(), credential)) === 0) await ask(refresh(0), credential);
    });
  }
  return recorder.told;
}

/** Takes every relay port there is, then one more. */
export async function exhaustPorts(server: Coturn, ports: number): Promise<readonly Told[]> {
  const recorder = new Recorder(server);
  for (let i = 0; i <= ports; i += 1) {
    await recorder.converse(`port ${i}`, 'bob', async (_, ask) => {
      await ask(allocate());
      await ask(allocate(), BOB);
    });
  }
  return recorder.told;
}

/** One allocation of a user whose password is `of-` and its name. */
export async function allocateAs(server: Coturn, user: string, then: 'keep' | 'give back'): Promise<Told> {
  const recorder = new Recorder(server);
  await recorder.converse('allocation', user, async (_, ask) => {
    await ask(allocate());
    await ask(allocate(), credentialOf(user));
    if (then === 'give back') await ask(refresh(0), credentialOf(user));
  });
  return recorder.told[0] as Told;
}
