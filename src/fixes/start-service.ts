import type { Repair } from './repair.ts';

/** Starts what does not run. */
export const startService: Repair = {
  rules: ['service/not-running'],
  plan: ({ found }) => (found('service/not-running').length > 0 ? { steps: [], needs: 'restart' } : null),
};

/** Starts anew what runs on another configuration than its file has; nothing brings that one back, so it has to be named. */
export const applyPendingFile: Repair = {
  rules: ['service/restart-pending'],
  plan: ({ found, isNamed }) =>
    isNamed('service/restart-pending') && found('service/restart-pending').length > 0
      ? { steps: [], needs: 'restart' }
      : null,
};

/** Makes coturn read a renewed certificate; running calls go on (SIGUSR2). */
export const reloadCertificate: Repair = {
  rules: ['tls/not-reloaded'],
  plan: ({ found, facts }) =>
    found('tls/not-reloaded').length > 0
      ? {
          steps: [],
          // It reads the key as the service's user, which may lack what root could read at the start.
          needs:
            facts.tlsFiles.known && facts.tlsFiles.value.keyFile.readableByService === false
              ? 'restart'
              : 'reload-certificate',
        }
      : null,
};
