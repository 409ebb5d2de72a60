import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SECRET, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { type NewerCoturn, newerCoturn } from '../lab/coturn-newer.ts';
import { causes, diagnose, finding, outside } from '../lab/turnctl.ts';

const available = labAvailable();
const newer = available === true ? newerCoturn() : available;

describe.skipIf(typeof newer === 'string')(
  `diagnose of a newer coturn${typeof newer === 'string' ? ` (${newer})` : ''}`,
  () => {
    let lab: CoturnLab;
    beforeAll(async () => {
      lab = await startCoturnLab({ layer: (newer as NewerCoturn).root });
    });
    afterAll(() => lab?.close());

    const onHost = () => diagnose(lab.host, [], lab.trust.onHost);
    const fromElsewhere = () =>
      diagnose(outside(lab.out), ['turn:203.0.113.10?transport=tcp'], { TURNCTL_SECRET: SECRET });

    test('no-stun and no-tcp-relay, with the line and the wire', async () => {
      await restartCoturn(lab.host, ['no-stun', 'no-tcp-relay', ...SOUND]);
      const diagnosis = await onHost();
      expect(causes(diagnosis)).toEqual(['error listener/no-stun', 'warning relay/no-tcp-relay']);
      expect(diagnosis.exitCode).toBe(1);
      const { at, evidence } = finding(diagnosis, 'listener/no-stun');
      expect(at).toMatchObject({ file: '/etc/turnserver.conf', line: 1 });
      expect(evidence).toMatch(/Allocate: answered.*Binding: silent/);
      expect(causes(await fromElsewhere())).toEqual(causes(diagnosis));
    });

    test('nothing above info on a sound configuration', async () => {
      await restartCoturn(lab.host, SOUND);
      const diagnosis = await onHost();
      expect(causes(diagnosis)).toEqual([]);
      expect(diagnosis.exitCode).toBe(0);
      expect(causes(await fromElsewhere())).toEqual([]);
    });

    test('judges by the version that runs, not by the package', async () => {
      const version = (await lab.host.must(['turnserver', '--version'])).trim().split('\n').at(-1)!;
      await restartCoturn(lab.host, [...SOUND, 'no-cli']);
      const diagnosis = await onHost();
      const { facts } = JSON.parse(diagnosis.text);
      expect(facts.version).toMatchObject({ known: true, value: { version, origin: 'running' } });
    });
  },
);
