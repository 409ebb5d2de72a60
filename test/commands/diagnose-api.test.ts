import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { issueCredential } from '../../src/credentials/issue.ts';
import { freePorts } from '../support/coturn.ts';
import { fakeIo } from '../support/fake-io.ts';
import { startTurnServer, type TurnServer } from '../support/turn-server.ts';

const SECRET = 'a secret that both sides know';

let server: TurnServer | undefined;
let endpoint: Server | undefined;
afterEach(async () => {
  await server?.stop();
  endpoint?.close();
});

test('diagnose probes what the endpoint hands out, beside the target, and judges the answer', async () => {
  server = await startTurnServer({ secret: SECRET });
  const target = `turn:127.0.0.1:${server.udp.port}?transport=udp`;
  const closed = `turn:127.0.0.1:${await freePorts(1)}?transport=udp`;
  endpoint = createServer((_, response) => {
    const { username, password } = issueCredential({
      secret: SECRET,
      now: Date.now(),
      ttlSeconds: 600,
      name: 'bob',
    });
    response.setHeader('cache-control', 'public, max-age=3600');
    response.end(JSON.stringify({ username, password, ttl: 86_400, uris: [target, closed] }));
  });
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const api = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/turn`;
  const io = fakeIo();
  await main(['node', 'turnctl', 'diagnose', target, '--api', api, '--json'], io);
  const { checks } = JSON.parse(io.printed.stdout);
  const found = checks
    .filter((check: { outcome: string }) => check.outcome === 'failed')
    .map(({ id, severity }: { id: string; severity: string }) => `${severity} ${id}`);
  expect(found).toEqual(
    expect.arrayContaining([
      'warning credentials/endpoint-cached',
      'info credentials/endpoint-open',
      'warning credentials/ttl-mismatch',
      'error ice/unresponsive-server',
    ]),
  );
});
