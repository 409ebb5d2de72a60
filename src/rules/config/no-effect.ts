import { findDirective } from '../../config/directives.ts';
import { authentication, listenerPlan, wantsCli } from '../../config/effective.ts';
import { type Settings, settingsOf } from '../../config/settings.ts';
import { isAtLeast } from '../../config/versions.ts';
import { defineRule } from '../../model/rule.ts';
import { atEntry } from '../evidence.ts';
import { isForeign } from '../foreign-syntax.ts';
import { isRendered } from '../left-over-text.ts';

/** Options that count only beside another one: when they do not, and what they wait for. */
const COMPANIONS: readonly (readonly [
  options: readonly string[],
  isIdle: (settings: Settings) => boolean,
  needs: string,
])[] = [
  [['log-binding'], settings => !settings.flag('verbose'), 'verbose'],
  [['secure-stun'], settings => !authentication(settings).longTerm, 'an authentication mechanism'],
  [['rest-api-separator'], settings => !settings.flag('use-auth-secret'), 'use-auth-secret'],
  [
    ['syslog-facility'],
    settings => !settings.flag('syslog') && settings.text('log-file') !== 'syslog',
    'syslog',
  ],
  [
    ['prometheus-port', 'prometheus-address', 'prometheus-path', 'prometheus-username-labels'],
    settings => !settings.flag('prometheus'),
    'prometheus',
  ],
  [
    ['web-admin-ip', 'web-admin-port', 'web-admin-listen-on-workers'],
    settings => !settings.flag('web-admin'),
    'web-admin',
  ],
  [
    ['cli-password', 'cli-ip', 'cli-port'],
    // Who switches the CLI off by no-cli knows that it is off.
    settings => isAtLeast(settings.version, '4.10.0') && !wantsCli(settings) && !settings.isSet('no-cli'),
    'cli since coturn 4.10.0',
  ],
  [['cli'], settings => settings.text('cli-password') === '', 'cli-password'],
  [
    ['alt-listening-port', 'alt-tls-listening-port'],
    settings => listenerPlan(settings).alternate === null,
    'RFC 5780 (rfc5780 since coturn 4.7.0) and two listening addresses',
  ],
  [
    ['unauthorized-ratelimit-rps'],
    settings => !settings.flag('unauthorized-ratelimit'),
    'unauthorized-ratelimit',
  ],
  [
    ['multiplex-peer-port', 'multiplex-peer-max-peers'],
    settings => !settings.flag('multiplex-peer'),
    'multiplex-peer',
  ],
  [['server-name'], settings => !settings.flag('oauth'), 'oauth, which alone reads it'],
];

export default defineRule({
  id: 'config/no-effect',
  meta: {
    title: 'Option that does nothing without another one',
    why: 'coturn takes the line without a word, and nothing comes of it, because what it would modify is off.',
    remedy: 'Add the option that it needs, or delete the line.',
    severity: 'info',
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    if (isForeign(config)) return [];
    const settings = settingsOf(config, version);
    return COMPANIONS.flatMap(([options, isIdle, needs]) =>
      options.flatMap(option => {
        const entry = settings.deciding(option);
        const asks = findDirective(option)!.type !== 'flag' || settings.flag(option);
        if (entry === undefined || !asks || isRendered(entry) || !isIdle(settings)) return [];
        return [{ message: `${option} has no effect: it needs ${needs}`, ...atEntry(entry) }];
      }),
    );
  },
});
