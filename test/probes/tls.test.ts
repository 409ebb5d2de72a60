import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Issued } from '../support/certificates.ts';
import { issue } from '../support/certificates.ts';
import { type Coturn, newerCoturn, startCoturn } from '../support/coturn.ts';
import { probe } from '../support/probing.ts';

const servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(({ server, sockets }) => {
      for (const socket of sockets) socket.destroy();
      return new Promise(done => server.close(done));
    }),
  );
});

async function listen<S extends Server>(server: S): Promise<{ ip: string; port: number }> {
  const sockets = new Set<Socket>();
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  servers.push({ server, sockets });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { ip: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 };
}

/** A server that shakes hands and then says nothing. */
const tlsServer = (options: TlsOptions) =>
  listen(createTlsServer(options, socket => void socket.on('error', () => {}).resume()));

async function tlsOf(listener: { readonly ip: string; readonly port: number }, timeoutMs = 4000) {
  const seen = await probe(listener, {
    transports: ['tls'],
    steps: ['tls-handshake', 'tls-survey'],
    timeoutMs,
  });
  return { handshake: seen.one('tls-handshake'), survey: seen.one('tls-survey') };
}

type Survey = Extract<Awaited<ReturnType<typeof tlsOf>>['survey'], { outcome: 'complete' }>;

function complete(survey: Awaited<ReturnType<typeof tlsOf>>['survey']): Survey {
  if (survey.outcome !== 'complete') throw new Error(JSON.stringify(survey));
  return survey;
}

const versionsOf = ({ versions }: Survey): Record<string, string> =>
  Object.fromEntries(versions.map(({ version, answer }) => [version, answer]));

const takenBy = ({ weakSuites }: Survey): string[] =>
  weakSuites.filter(({ answer }) => answer === 'taken').map(({ kind }) => kind);

for (const version of ['installed', 'newer'] as const) {
  describe.skipIf(version === 'newer' && newerCoturn === undefined)(`coturn, ${version}`, () => {
    let coturn: Coturn;
    beforeAll(async () => {
      coturn = await startCoturn({ version, lines: ['lt-cred-mech', 'user=a:b', 'realm=turn.test'] });
    });
    afterAll(() => coturn.stop());

    test('takes TLS 1.2 and later, no weak suites, any name, both protocols; is TURN inside', async () => {
      const seen = await tlsOf({ ip: coturn.ip, port: coturn.tlsPort });
      const survey = complete(seen.survey);
      expect(versionsOf(survey)).toEqual({
        SSLv3: 'refused',
        TLSv1: 'refused',
        'TLSv1.1': 'refused',
        'TLSv1.2': 'taken',
        'TLSv1.3': version === 'newer' ? 'taken' : 'refused',
      });
      // The test's key is ECDSA, which no suite without forward secrecy can use.
      expect(takenBy(survey)).toEqual([]);
      expect(survey.inside).toEqual({ outcome: 'answered' });
      const same = { outcome: 'handshake', sameCertificate: true, inside: { outcome: 'answered' } };
      expect(survey.variations).toEqual([
        { kind: 'no-server-name', ...same },
        { kind: 'other-server-name', ...same },
        { kind: 'alpn-stun.turn', ...same, alpn: 'stun.turn' },
        { kind: 'alpn-http/1.1', ...same, alpn: 'http/1.1' },
      ]);
      expect(seen.handshake).toMatchObject({
        certificate: { key: { type: 'ec', curve: 'prime256v1' }, signature: 'ecdsa-with-SHA256' },
      });
    });

    test('speaks DTLS as its version does by default', async () => {
      const { dtls } = complete((await tlsOf({ ip: coturn.ip, port: coturn.tlsPort })).survey);
      if (version === 'newer') expect(dtls).toMatchObject({ outcome: 'refused' });
      else expect(dtls).toMatchObject({ outcome: 'answered', with: 'HelloVerifyRequest' });
    });
  });
}

describe('certificates', () => {
  let root: Issued;
  let intermediate: Issued;
  let leaf: Issued;
  beforeAll(() => {
    root = issue({ subject: 'Test root' });
    intermediate = issue({ subject: 'Test intermediate', issuer: root });
    leaf = issue({ subject: 'turn.test', issuer: intermediate, names: ['IP:127.0.0.1', 'DNS:turn.test'] });
  });

  const cases: [what: string, serve: () => { cert: string; key: string }, seen: object][] = [
    [
      'the leaf alone',
      () => ({ cert: leaf.certificate, key: leaf.key }),
      {
        untrusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        certificate: { chainLength: 1, issuer: 'CN=Test intermediate', chain: [{ subject: 'CN=turn.test' }] },
      },
    ],
    [
      'leaf and intermediate of a root nobody knows',
      () => ({ cert: leaf.certificate + intermediate.certificate, key: leaf.key }),
      {
        untrusted: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
        certificate: {
          chainLength: 2,
          chain: [{ subject: 'CN=turn.test' }, { subject: 'CN=Test intermediate', issuer: 'CN=Test root' }],
        },
      },
    ],
    [
      'the root as well',
      () => ({ cert: leaf.certificate + intermediate.certificate + root.certificate, key: leaf.key }),
      { untrusted: 'SELF_SIGNED_CERT_IN_CHAIN', certificate: { chainLength: 3 } },
    ],
    [
      'another name',
      () => {
        const other = issue({ subject: 'x', names: ['DNS:other.test'] });
        return { cert: other.certificate, key: other.key };
      },
      { nameMismatch: '127.0.0.1 is not among other.test' },
    ],
    [
      'expired',
      () => {
        const late = issue({ subject: 'x', names: ['IP:127.0.0.1'], days: 0 });
        return { cert: late.certificate, key: late.key };
      },
      { untrusted: 'CERT_HAS_EXPIRED' },
    ],
    [
      'an RSA key of 1024 bits, signed with SHA-1',
      () => {
        const weak = issue({
          subject: 'x',
          issuer: root,
          names: ['IP:127.0.0.1'],
          key: ['rsa:1024'],
          digest: 'sha1',
        });
        return { cert: weak.certificate, key: weak.key };
      },
      { certificate: { key: { type: 'rsa', bits: 1024 }, signature: 'ecdsa-with-SHA1' } },
    ],
  ];
  for (const [what, serve, seen] of cases) {
    test(what, async () => {
      const listener = await tlsServer({ ...serve(), ciphers: 'DEFAULT@SECLEVEL=0' });
      const { one } = await probe(listener, { transports: ['tls'], steps: ['tls-handshake'] });
      expect(one('tls-handshake')).toMatchObject({ outcome: 'handshake', ...seen });
    });
  }
});

describe('a server that is no TURN server, or an old one', () => {
  let own: Issued;
  beforeAll(() => {
    own = issue({ subject: 'x', names: ['IP:127.0.0.1'], key: ['rsa:2048'] });
  });
  const pair = () => ({ cert: own.certificate, key: own.key });

  test('takes versions and suites that were withdrawn', async () => {
    const legacy = {
      ...pair(),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.2',
      ciphers: 'NULL-SHA256:AES128-SHA:ADH-AES128-SHA@SECLEVEL=0',
      dhparam: 'auto',
    } as const;
    const survey = complete((await tlsOf(await tlsServer(legacy))).survey);
    expect(versionsOf(survey)).toEqual({
      SSLv3: 'refused',
      TLSv1: 'taken',
      'TLSv1.1': 'taken',
      'TLSv1.2': 'taken',
      'TLSv1.3': 'refused',
    });
    expect(takenBy(survey)).toEqual(['null', 'anonymous', 'no-forward-secrecy']);
    expect(survey.inside).toMatchObject({ outcome: 'no-response' });
  });

  test('has TLS 1.0 alone: the handshake fails, and the survey says what it speaks', async () => {
    const old = { ...pair(), minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' } as const;
    const { handshake, survey } = await tlsOf(await tlsServer(old));
    expect(handshake.outcome).toBe('tls-failed');
    expect(versionsOf(complete(survey))).toMatchObject({
      TLSv1: 'taken',
      'TLSv1.1': 'refused',
      'TLSv1.2': 'refused',
    });
    expect(complete(survey).inside).toMatchObject({ outcome: 'tls-failed' });
  });

  test('is a web server', async () => {
    const server = createHttpsServer(pair(), (_, response) => response.end('hello'));
    const { survey } = await tlsOf(await listen(server));
    expect(complete(survey).inside.outcome).toMatch(/^(invalid-response|closed)$/);
    const [, , stun, http] = complete(survey).variations;
    expect(stun).toMatchObject({ kind: 'alpn-stun.turn', outcome: 'tls-failed' });
    expect(http).toMatchObject({ outcome: 'handshake', alpn: 'http/1.1' });
  });

  test('serves by server name', async () => {
    const other = issue({ subject: 'other', names: ['DNS:turnctl.invalid'] });
    const context = createSecureContext({ cert: other.certificate, key: other.key });
    const byName = await tlsServer({ ...pair(), SNICallback: (_, done) => done(null, context) });
    const [none, named] = complete((await tlsOf(byName)).survey).variations;
    expect(none).toMatchObject({ kind: 'no-server-name', sameCertificate: true });
    expect(named).toMatchObject({ kind: 'other-server-name', sameCertificate: false });
  });

  const broken: [what: string, talk: (socket: Socket) => void, error: RegExp][] = [
    ['silence', () => {}, /no answer to the ClientHello/],
    [
      'another protocol',
      socket => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
      /wrong version number|packet length/,
    ],
    ['hangs up', socket => socket.destroy(), /closed|reset|disconnected/i],
    ['an alert', socket => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 40])), /handshake.failure/],
  ];
  for (const [what, talk, error] of broken) {
    test(`${what} in place of a ServerHello`, async () => {
      const listener = await listen(createServer(talk));
      const { handshake, survey } = await tlsOf(listener, 400);
      expect(handshake).toMatchObject({ outcome: 'tls-failed', error: expect.stringMatching(error) });
      expect(versionsOf(complete(survey))['TLSv1.2']).toBe(what === 'silence' ? 'silent' : 'refused');
    });
  }

  test('a closed port is no failed handshake', async () => {
    const listener = await listen(createServer());
    await new Promise(done => servers.pop()!.server.close(done));
    const { handshake, survey } = await tlsOf(listener);
    expect(handshake.outcome).toBe('refused');
    expect(survey.outcome).toBe('refused');
  });
});
