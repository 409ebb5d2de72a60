import type { Rule } from '../../model/rule.ts';
import { rules } from '../../rules/index.ts';

/** What keeps coturn from starting, beside what a rule about the service says itself. */
const notRunning = rules.find(({ id }) => id === 'service/not-running');

/** Rules that say more of a service's state than of its configuration. */
const ALSO = ['tls/not-reloaded', 'tls/certificate-expired', 'tls/key-mismatch', 'tls/key-unreadable'];

/** What a report about the service is judged by. */
export const serviceRules: readonly Rule[] = rules.filter(
  ({ id }) =>
    id.startsWith('service/') || (notRunning?.meta.explainedBy ?? []).includes(id) || ALSO.includes(id),
);
