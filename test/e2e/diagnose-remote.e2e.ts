import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { causes, diagnose, finding, outside } from '../lab/turnctl.ts';

const available = labAvailable();

const HOSTS = ['203.0.113.10', '[2001:db8::10]'];
const URIS = HOSTS.flatMap(host => [
  { uri: `turn:${host}:3478?transport=udp`, stream: false },
  { uri: `turn:${host}:3478?transport=tcp`, stream: true },
  { uri: `turns:${host}:5349?transport=tcp`, stream: true },
]);

describe.skipIf(available !== true)(
  `diagnose of a turn: URI from elsewhere${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CoturnLab;
    beforeAll(async () => {
      lab = await startCoturnLab();
    });
    afterAll(() => lab?.close());

    const diagnoseUri = (uri: string) =>
      diagnose(outside(lab.out), [uri], { ...lab.trust.elsewhere, TURNCTL_SECRET: SECRET });

    describe('with no-stun and no-tcp-relay', () => {
      beforeAll(() => restartCoturn(lab.host, ['no-stun', 'no-tcp-relay', ...SOUND]));

      // RFC 6062 §5.1: a TCP allocation can be asked for over TCP and TLS only, so over UDP nobody can tell.
      test.each(URIS)('$uri shows both where it can', async ({ uri, stream }) => {
        const diagnosis = await diagnoseUri(uri);
        const noTcpRelay = stream ? ['warning relay/no-tcp-relay'] : [];
        expect(causes(diagnosis)).toEqual(['error listener/no-stun', ...noTcpRelay]);
        expect(diagnosis.exitCode).toBe(1);
        const { evidence, at } = finding(diagnosis, 'listener/no-stun');
        expect(evidence).toMatch(/Allocate: answered.*Binding: silent/);
        expect(at).toBeUndefined();
        expect(diagnosis.text).not.toContain(SECRET);
      });
    });

    describe('with a sound configuration', () => {
      beforeAll(() => restartCoturn(lab.host, SOUND));

      test.each(URIS)('$uri has nothing to be said about', async ({ uri }) => {
        const diagnosis = await diagnoseUri(uri);
        expect(causes(diagnosis)).toEqual([]);
        expect(diagnosis.exitCode).toBe(0);
      });

      test('a bare address stands for every transport', async () => {
        const diagnosis = await diagnoseUri('203.0.113.10');
        expect(causes(diagnosis)).toEqual([]);
        const transports = diagnosis.observations.map(({ transport }) => transport);
        expect(new Set(transports)).toEqual(new Set(['udp', 'tcp', 'tls']));
      });
    });
  },
);
