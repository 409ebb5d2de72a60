import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { isRendered } from '../left-over-text.ts';

export default defineRule({
  id: 'auth/user-malformed',
  meta: {
    title: 'user line that is not name:password',
    effect: 'A user is refused with 401',
    why: 'coturn logs "Wrong user account" and drops the line; the server starts without that user.',
    remedy: 'Write user=name:password. The first colon separates, so a name cannot hold one.',
    severity: 'error',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    settingsOf(config, version)
      .entries('user')
      .filter(entry => !isRendered(entry) && !/^[^:]+:./.test(entry.value ?? ''))
      .map(entry => ({
        message: `The user line ${fault(entry.value ?? '')}, so coturn drops it`,
        ...atValue(entry),
      })),
});

function fault(value: string): string {
  if (value === '') return 'is empty';
  if (!value.includes(':')) return `has no password (no ":" in ${value.length} characters)`;
  return value.startsWith(':') ? 'has no name' : 'has an empty password';
}
