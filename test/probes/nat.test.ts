import { afterEach, describe, expect, test } from 'vitest';
import { attribute } from '../../src/stun/attributes.ts';
import { closedAddress, newerCoturn, startCoturn } from '../support/coturn.ts';
import { probe } from '../support/probing.ts';
import { obedient, type StunServerOptions, startStunServer } from '../support/stun-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map(close => close()));
});

const steps = ['nat-behaviour'] as const;
const open = { kind: 'endpoint-independent' };
const inconclusive = (reason: RegExp) => ({ kind: 'inconclusive', reason: expect.stringMatching(reason) });

async function natThrough(options: StunServerOptions, timeoutMs = 8000) {
  const server = await startStunServer(options);
  closers.push(server.stop);
  const { one } = await probe(server.address, { steps: [...steps], timeoutMs });
  return one('nat-behaviour');
}

/** Answers everything as it should but CHANGE-REQUEST. */
const toChange =
  (reaction: ReturnType<typeof obedient>): NonNullable<StunServerOptions['react']> =>
  request =>
    attribute(request, 'CHANGE-REQUEST') ? reaction : {};

describe('a server of two addresses', () => {
  const versions = newerCoturn ? (['installed', 'newer'] as const) : (['installed'] as const);
  test.each(versions)('coturn, %s', async version => {
    const coturn = await startCoturn({
      version,
      lines: [
        'listening-ip=127.0.0.1',
        'listening-ip=127.0.0.2',
        ...(version === 'newer' ? ['rfc5780'] : []),
      ],
    });
    closers.push(coturn.stop);
    const { one } = await probe(coturn, { steps: [...steps] });
    expect(one('nat-behaviour')).toMatchObject({
      outcome: 'complete',
      otherAddress: { ip: '127.0.0.2', port: coturn.port + 1 },
      mapping: open,
      filtering: open,
      hairpinning: 'no-nat',
    });
  });

  test('ours, obedient', async () => {
    expect(await natThrough({})).toMatchObject({ mapping: open, filtering: open });
  });
});

describe('a server that misbehaves is told from a NAT', () => {
  test('420 to CHANGE-REQUEST', async () => {
    const seen = await natThrough({ react: toChange({ code: 420 }) });
    expect(seen).toMatchObject({
      mapping: open,
      filtering: inconclusive(/does not support CHANGE-REQUEST \(420\)/),
    });
  });

  test('CHANGE-REQUEST ignored', async () => {
    const seen = await natThrough({ react: toChange({}) });
    expect(seen).toMatchObject({ filtering: inconclusive(/ignores CHANGE-REQUEST/) });
  });

  test('silent to CHANGE-REQUEST', async () => {
    const seen = await natThrough({ react: toChange({ times: 0 }) });
    expect(seen).toMatchObject({ mapping: open, filtering: inconclusive(/cannot answer from there/) });
  });

  test('silent at its other address', async () => {
    const seen = await natThrough({ otherAnswers: false });
    expect(seen).toMatchObject({
      mapping: inconclusive(/does not answer on its other address, 127\.0\.0\.2/),
    });
  });

  test('no other address', async () => {
    const reason = /names no OTHER-ADDRESS/;
    const seen = await natThrough({ namesOther: false });
    expect(seen).toMatchObject({ mapping: inconclusive(reason), filtering: inconclusive(reason) });
  });

  test('answers from another address than the one asked', async () => {
    const seen = await natThrough({ react: () => ({ from: 'other-port' }) });
    expect(seen).toMatchObject({
      outcome: 'invalid-response',
      problem: expect.stringMatching(/came from 127/),
    });
  });

  test('silent altogether, and an error', async () => {
    const silent = await natThrough({ react: () => ({ times: 0 }) });
    expect(silent).toMatchObject({ outcome: 'no-response', requestsSent: 10 });
    const refused = await natThrough({ react: () => ({ code: 401 }) });
    expect(refused).toMatchObject({ outcome: 'error-response', code: 401 });
  });

  test('a port where nobody listens', async () => {
    const { one } = await probe(closedAddress, { steps: [...steps] });
    expect(one('nat-behaviour')).toMatchObject({ outcome: 'refused' });
  });

  test('time that runs out is named as that', async () => {
    const seen = await natThrough({ react: toChange({ times: 0 }) }, 1000);
    expect(seen).toMatchObject({ filtering: inconclusive(/time ran out/) });
  });
});

test('a mapping seen to change with the destination', async () => {
  // What a strict NAT looks like to the client: the server sees another port at each of its addresses.
  let port = 50_000;
  const seen = await natThrough({
    react: request => ({ ...obedient(request), mappedAddress: { ip: '198.51.100.7', port: port++ } }),
  });
  expect(seen).toMatchObject({ mapping: { kind: 'address-and-port-dependent' } });
});
