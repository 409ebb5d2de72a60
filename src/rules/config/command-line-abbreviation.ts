import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';

export default defineRule({
  id: 'config/command-line-abbreviation',
  meta: {
    title: 'Abbreviated option on the command line',
    effect: 'An option means another one than was written',
    why: 'getopt accepts any beginning of a long option that only one option has. When coturn removes an option, its old name can become the beginning of another: since 4.7.0 "--no-tlsv1" switches TLS 1.2 off.',
    remedy: 'Write the whole name, or delete the argument.',
    severity: 'warning',
    references: ['getopt_long(3)'],
  },
  needs: ['config'],
  check: ({ config }) =>
    config.entries.flatMap(entry => {
      const written = /^--([^=\s]+)/.exec(entry.source)?.[1];
      if (entry.origin !== 'command-line' || written === undefined || written === entry.name) return [];
      // TLS 1.2 is the oldest version that browsers still speak, and coturn 4.6.1 has no newer one.
      const severity = entry.name === 'no-tlsv1_2' ? 'error' : 'warning';
      return [{ message: `coturn takes --${written} for --${entry.name}`, ...atEntry(entry), severity }];
    }),
});
