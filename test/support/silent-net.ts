import type { Net } from '../../src/net/net.ts';

/** A wire on which nothing answers, so that nothing leaves this machine. */
export const silence: Net = {
  resolve: async () => ({ error: 'ENOTFOUND', ms: 1 }),
  records: async () => ({ records: [] }),
  open: async () => ({ failure: { outcome: 'refused', error: 'ECONNREFUSED' }, stagesMs: {} }),
  openPeer: async () => ({ error: 'no socket' }),
  listen: async () => ({ error: 'no socket' }),
  localIps: () => [],
};
