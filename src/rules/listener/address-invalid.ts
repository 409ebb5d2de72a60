import { settingsOf } from '../../config/settings.ts';
import { addressForm } from '../../config/values.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { isRendered, placeholderIn } from '../left-over-text.ts';

export default defineRule({
  id: 'listener/address-invalid',
  meta: {
    title: 'listening-ip or relay-ip is no address',
    effect: 'coturn listens on, or relays from, other addresses than it should',
    why: 'coturn logs "Cannot add a listener address" and drops the line. When no other is left it takes every address of the host, those of containers and tunnels too.',
    remedy: 'Write an address of this host, one a line, without port and prefix length.',
    severity: 'error',
    explainedBy: ['config/inline-comment', 'config/trailing-semicolon', 'config/quoted-value'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    const settings = settingsOf(config, version);
    return ['listening-ip', 'relay-ip']
      .flatMap(settings.entries)
      .filter(
        entry => (entry.value ?? '') !== '' && !isRendered(entry) && addressForm(entry.value!) !== 'address',
      )
      .flatMap(entry => {
        const isName = addressForm(entry.value!) === 'name' && placeholderIn(entry) === null;
        // Names are resolved once, at start; one without a dot hardly ever is.
        if (isName && entry.value!.includes('.')) return [];
        const doubt = isName ? ', unless this host resolves it' : '';
        return [
          {
            message: `${entry.name}=${entry.value} is no address, and coturn drops the line${doubt}`,
            ...atValue(entry),
            ...(isName ? { severity: 'warning' as const } : {}),
          },
        ];
      });
  },
});
