import { CERTIFICATE_FOLDER } from '../init/deployment.ts';
import type { Step } from '../model/plan.ts';
import { groupOf, isCertbots } from './open-to-service.ts';
import type { Repair } from './repair.ts';

/** certbot runs what is in that folder after each renewal. */
export const RENEWAL_HOOK = '/etc/letsencrypt/renewal-hooks/deploy/coturn';

const COPIES = { cert: `${CERTIFICATE_FOLDER}/fullchain.pem`, pkey: `${CERTIFICATE_FOLDER}/privkey.pem` };

/** Gives the service copies of certbot's certificate and key, now and after each renewal. */
export const copyCertificate: Repair = {
  rules: ['tls/key-unreadable'],
  plan({ facts, found, at, renewalHook }) {
    const { tlsFiles } = facts;
    if (found('tls/key-unreadable').length === 0 || !tlsFiles.known) return null;
    const { certificateFile, keyFile } = tlsFiles.value;
    const lineage = /^(\/etc\/letsencrypt\/live\/[^/]+)\/[^/]+$/.exec(keyFile.path)?.[1];
    const exist = certificateFile.exists && keyFile.exists;
    if (lineage === undefined || !isCertbots(certificateFile.path) || !exist) return null;
    const present = at(RENEWAL_HOOK);
    // A hook of the operator's own knows better what else it has to do.
    if (present !== 'absent') return null;
    const service = facts.service.known ? facts.service.value : undefined;
    const group = groupOf(service);
    const named = [`COTURN_GROUP=${group}`, `COTURN_SERVICE=${service?.name ?? 'coturn'}`];
    const steps: readonly Step[] = [
      {
        kind: 'put-file',
        path: RENEWAL_HOOK,
        expectSha256: 'absent',
        content: renewalHook,
        mode: 0o755,
        why: 'gives coturn each renewed certificate; certbot keeps its own folders closed to everybody but root',
      },
      ...(at(CERTIFICATE_FOLDER) === 'absent' ? [makeFolder(group)] : []),
      {
        kind: 'run',
        argv: ['env', ...named, RENEWAL_HOOK, lineage],
        undo: 'none-needed',
        touches: Object.values(COPIES),
        why: 'does so for the first time',
      },
    ];
    const edits = Object.entries(COPIES).map(([option, value]) => ({ kind: 'set', option, value }) as const);
    return { steps, edits, needs: 'restart' };
  },
};

const makeFolder = (group: string): Step => ({
  kind: 'run',
  argv: ['install', '-d', '-m', '0750', '-g', group, CERTIFICATE_FOLDER],
  undo: ['rmdir', '-p', '--ignore-fail-on-non-empty', CERTIFICATE_FOLDER],
  why: 'for copies that the service may read',
});
