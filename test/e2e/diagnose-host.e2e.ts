import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { observed } from '../../src/model/observation.ts';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { causes, type Diagnosis, diagnose, finding } from '../lab/turnctl.ts';

const available = labAvailable();
const FAULTY = ['no-stun', 'no-tcp-relay', ...SOUND];

describe.skipIf(available !== true)(
  `diagnose on the host of Debian's coturn${available === true ? '' : ` (${available})`}`,
  () => {
    let lab: CoturnLab;
    beforeAll(async () => {
      lab = await startCoturnLab();
    });
    afterAll(() => lab?.close());

    const diagnoseHost = () => diagnose(lab.host, [], lab.trust.onHost);

    describe('with no-stun and no-tcp-relay', () => {
      let diagnosis: Diagnosis;
      beforeAll(async () => {
        await restartCoturn(lab.host, FAULTY);
        diagnosis = await diagnoseHost();
      });

      test('names both as causes, and nothing else', () => {
        expect(causes(diagnosis)).toEqual(['error listener/no-stun', 'warning relay/no-tcp-relay']);
        expect(diagnosis.exitCode).toBe(1);
        expect(diagnosis.verdict).toMatchObject({ status: 'findings', exitCode: 1 });
      });

      test('shows no-stun in the file and on the wire', () => {
        const { at, option, evidence } = finding(diagnosis, 'listener/no-stun');
        expect({ at, option }).toMatchObject({
          at: { file: '/etc/turnserver.conf', line: 1, column: 1 },
          option: 'no-stun',
        });
        expect(evidence).toMatch(/Allocate: answered.*Binding: silent/);
      });

      test('saw every listener silent to Binding and good for Allocate', () => {
        const bindings = observed(diagnosis.observations, 'stun-binding');
        expect(new Set(bindings.map(({ transport }) => transport))).toEqual(new Set(['udp', 'tcp', 'tls']));
        expect(new Set(bindings.map(({ outcome }) => outcome))).toEqual(new Set(['no-response']));
        const udpRelays = observed(diagnosis.observations, 'turn-allocate').filter(
          ({ requestedTransport }) => requestedTransport === 'udp',
        );
        expect(new Set(udpRelays.map(({ outcome }) => outcome))).toEqual(new Set(['allocated']));
      });

      test('says of no-tcp-relay that it is not no-tcp', () => {
        const { at, message, evidence, remedy } = finding(diagnosis, 'relay/no-tcp-relay');
        expect(at).toMatchObject({ file: '/etc/turnserver.conf', line: 2 });
        expect(message).toContain('Clients may still reach the server over TCP');
        expect(evidence).toContain('442');
        expect(remedy ?? '').not.toContain('delete');
      });

      test('keeps the secret to itself', () => {
        expect(diagnosis.text).not.toContain(SECRET);
      });
    });

    describe('with a sound configuration', () => {
      let diagnosis: Diagnosis;
      beforeAll(async () => {
        await restartCoturn(lab.host, SOUND);
        diagnosis = await diagnoseHost();
      });

      test('finds nothing above info', () => {
        expect(causes(diagnosis)).toEqual([]);
        expect(diagnosis.verdict).toMatchObject({ status: 'ok', exitCode: 0 });
        expect(diagnosis.exitCode).toBe(0);
      });

      test('has proved the data path over every transport and family', () => {
        const paths = observed(diagnosis.observations, 'turn-data-path');
        const proved = paths.flatMap(path =>
          path.outcome === 'complete' &&
          path.inbound.outcome === 'passed' &&
          path.outbound.outcome === 'passed'
            ? [path.uri]
            : [],
        );
        const expected = ['203.0.113.10', '[2001:db8::10]'].flatMap(ip => [
          `turn:${ip}:3478?transport=udp`,
          `turn:${ip}:3478?transport=tcp`,
          `turns:${ip}:5349?transport=tcp`,
        ]);
        expect(proved.sort()).toEqual(expected.sort());
      });

      test('skips rules with a reason and crashes none', () => {
        expect(diagnosis.checks.filter(({ outcome }) => outcome === 'crashed')).toEqual([]);
        const skipped = diagnosis.checks.filter(({ outcome }) => outcome === 'skipped');
        expect(skipped.filter(({ reason }) => !reason)).toEqual([]);
      });
    });
  },
);
