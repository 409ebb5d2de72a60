import { type BuildFeature, buildDependent, isKnown } from '../../config/directives.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { coturnEntries } from '../foreign-syntax.ts';

const FEATURES: Readonly<Record<BuildFeature, string>> = {
  sqlite: 'SQLite',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mongodb: 'MongoDB',
  redis: 'Redis (hiredis)',
  prometheus: 'Prometheus',
  linux: 'Linux',
};

export default defineRule({
  id: 'config/build-dependent-option',
  meta: {
    title: 'Option that not every build of coturn has',
    why: 'An option of a feature left out of the build is unknown there: in the file it is dropped with a warning, on the command line coturn exits. Debian and Ubuntu build without Prometheus and MongoDB.',
    remedy: 'Look for "Bad configuration format" with this name in the log, or use a build with the feature.',
    severity: 'info',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    coturnEntries(config).flatMap(entry => {
      const feature = buildDependent(entry.name);
      if (feature === null || !isKnown(entry.name, version, 'full')) return [];
      const missing = !isKnown(entry.name, version, 'debian');
      // The database drivers are in every distribution's build; only their absence would be worth a word.
      if (!missing) return [];
      return [
        {
          message: `${entry.name} needs a coturn built with ${FEATURES[feature]}, which Debian's and Ubuntu's are not`,
          ...atEntry(entry),
        },
      ];
    }),
});
