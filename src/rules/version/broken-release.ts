import { DEFECTS } from '../../config/advisories.ts';
import { affectedReleases, exposedFaults } from '../../config/release-faults.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { faultProblem } from '../fault-problem.ts';
import { isForeign } from '../foreign-syntax.ts';

export default defineRule({
  id: 'version/broken-release',
  meta: {
    title: 'Release of coturn with a fault that hits this configuration',
    effect: 'Something does not work in this release of coturn, whatever is configured',
    why: 'A few releases have a fault that no line of the file can be blamed for, and that the next one or two mended.',
    remedy: 'Upgrade to the release that mends it, or later.',
    severity: 'warning',
    references: DEFECTS.map(fault => `coturn ${affectedReleases(fault)}: ${fault.what}`),
  },
  needs: ['config', 'version'],
  check: ({ config, version }) => {
    if (isForeign(config)) return [];
    return exposedFaults(DEFECTS, settingsOf(config, version.version), { relaysIpv6: null }).map(exposed =>
      faultProblem(exposed, config, version),
    );
  },
});
