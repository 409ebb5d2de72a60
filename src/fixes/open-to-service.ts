import type { ServiceFact } from '../model/facts.ts';
import type { Step } from '../model/plan.ts';
import type { Repair } from './repair.ts';

/** The group through which the service reads what is root's. */
export const groupOf = (service: ServiceFact | undefined): string =>
  service?.group || service?.user || 'turnserver';

/** Lets the service, and no other user, read its configuration. */
export const openConfiguration: Repair = {
  rules: ['config/unreadable', 'config/world-readable'],
  plan({ facts, found }) {
    const { configFile, service } = facts;
    const isShut = found('config/unreadable').length > 0;
    if (!isShut && found('config/world-readable').length === 0) return null;
    if (!configFile.known || configFile.value.missing) return null;
    const { path, blockedAt = path } = configFile.value;
    // A folder that keeps the service out holds other things too.
    if (isShut && blockedAt !== path) return null;
    const group = groupOf(service.known ? service.value : undefined);
    const why = isShut
      ? `lets the service read it, by its group ${group}; coturn runs on its defaults without it`
      : 'keeps its secrets from the other users of this host';
    return { steps: [{ kind: 'set-access', path, group, mode: 0o640, why }], needs: 'restart' };
  },
};

/** Lets the service read certificate and key where they are; those of certbot are `copy-certificate.ts`'s. */
export const openCertificate: Repair = {
  rules: ['tls/key-unreadable'],
  plan({ facts, found }) {
    const { tlsFiles, service } = facts;
    if (found('tls/key-unreadable').length === 0 || !tlsFiles.known) return null;
    const group = groupOf(service.known ? service.value : undefined);
    const { certificateFile, keyFile } = tlsFiles.value;
    const shut = [certificateFile, keyFile].filter(file => file.readableByService === false);
    const isMendable = shut.every(({ path, exists, blockedAt = path }) => exists && blockedAt === path);
    if (shut.length === 0 || !isMendable || shut.some(({ path }) => isCertbots(path))) return null;
    const steps = shut.map(
      ({ path }): Step => ({
        kind: 'set-access',
        path,
        group,
        mode: path === keyFile.path ? 0o640 : 0o644,
        why: `lets the service read it, by its group ${group}; without it coturn opens no TLS port`,
      }),
    );
    return { steps, needs: 'restart' };
  },
};

/** Folders that certbot keeps closed to all but root. */
export const isCertbots = (path: string): boolean => path.startsWith('/etc/letsencrypt/');
