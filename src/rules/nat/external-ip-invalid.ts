import { settingsOf } from '../../config/settings.ts';
import { addressForm } from '../../config/values.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { externalIps } from '../external-ip.ts';

export default defineRule({
  id: 'nat/external-ip-invalid',
  meta: {
    title: 'external-ip is no address',
    effect: 'Relay candidates carry a private address that nobody outside can reach',
    why: 'coturn knows no substitution and no port here. It logs "Wrong address format", drops the line and runs on, so the relayed address is the one of the interface. (A name that resolves when coturn starts is accepted.)',
    remedy:
      'Write the address itself: external-ip=PUBLIC/PRIVATE, PRIVATE being the address of the interface.',
    severity: 'error',
    explainedBy: ['config/inline-comment', 'config/trailing-semicolon', 'config/quoted-value'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    externalIps(settingsOf(config, version)).flatMap(({ entry, valid }) => {
      const value = entry.value!;
      if (!valid) {
        return [
          {
            message: `external-ip=${value} is no address${hint(value)}: coturn drops the line`,
            ...atValue(entry),
          },
        ];
      }
      if (!value.split('/').some(isShortName)) return [];
      // The resolver of this host may know it all the same.
      const message = `external-ip=${value} is a name without a dot: unless this host resolves it, coturn drops the line`;
      return [{ message, ...atValue(entry), severity: 'warning' }];
    }),
});

const isShortName = (text: string): boolean =>
  addressForm(text) === 'name' && !text.includes('.') && text !== 'localhost';

function hint(value: string): string {
  if (/\$\(|`/.test(value)) return ' (coturn runs no commands)';
  if (/\$/.test(value)) return ' (coturn replaces no variables)';
  if (/^[\d.]+:\d+$/.test(value)) return ' (it has no port)';
  if (/^[\da-f.:]+\/\d{1,3}$/i.test(value))
    return ' (what follows the / is the private address, not a prefix length)';
  return '';
}
