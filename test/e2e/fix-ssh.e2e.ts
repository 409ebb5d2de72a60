import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labAvailable } from '../lab/available.ts';
import { type CoturnLab, restartCoturn, SOUND, startCoturnLab } from '../lab/coturn.ts';
import { type LabHost, startHost } from '../lab/host.ts';
import { letIn } from '../lab/ssh.ts';
import { turnctl } from '../lab/turnctl.ts';

const available = labAvailable();

interface Fixed {
  readonly plan: object;
  readonly run: { readonly state: string } | null;
}

describe.skipIf(available !== true)(`fix --ssh${available === true ? '' : ` (${available})`}`, () => {
  let lab: CoturnLab;
  let admin: LabHost;
  beforeAll(async () => {
    lab = await startCoturnLab({ units: ['coturn.service', 'ssh.service'] });
    admin = await startHost(lab.network.node('adm', ['203.0.113.20/24', '2001:db8::20/64']), { units: [] });
    await letIn(admin, lab.host, '203.0.113.10');
    admin.writeFile('/root/ca.pem', lab.host.readFile('/etc/coturn/ca.pem'));
    await restartCoturn(lab.host, ['no-stun', 'no-tcp-relay', ...SOUND]);
  });
  afterAll(async () => {
    await admin?.stop();
    await lab?.close();
  });

  function fixed({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): Fixed {
    if (!stdout.startsWith('{')) throw new Error(stderr);
    return JSON.parse(stdout) as Fixed;
  }
  const here = async (...argv: string[]) =>
    fixed(await turnctl(lab.host, ['fix', '--json', ...argv], lab.trust.onHost));
  const over = (...argv: string[]) =>
    turnctl(admin, [...argv, '--ssh', 'turn'], { NODE_EXTRA_CA_CERTS: '/root/ca.pem', HOME: '/root' });

  test('plans what it plans on the host, does it there, and gives it back from afar', async () => {
    const before = await lab.host.must(['stat', '-c', '%U:%G %a %Y %s', '/etc/turnserver.conf']);
    const local = await here('--plan');
    const planned = await over('fix', '--json', '--plan');
    expect(fixed(planned).plan).toEqual(local.plan);

    const done = await over('fix', '--json', '--yes');
    expect(fixed(done).run).toMatchObject({ state: 'kept' });
    expect(lab.host.readFile('/etc/turnserver.conf')).toBe(`${SOUND.join('\n')}\n`);
    expect((await here('--plan')).plan).toMatchObject({ steps: [] });

    expect((await over('rollback')).stdout).toContain('is undone');
    expect(lab.host.readFile('/etc/turnserver.conf')).toMatch(/^no-stun\nno-tcp-relay\n/);
    expect(await lab.host.must(['stat', '-c', '%U:%G %a %Y %s', '/etc/turnserver.conf'])).toBe(before);
  });
});
