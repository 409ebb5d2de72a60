import { canonicalDirective } from '../../config/directives.ts';
import { settingsOf } from '../../config/settings.ts';
import { addressForm, atoi } from '../../config/values.ts';
import type { ConfigEntry } from '../../model/facts.ts';
import type { Problem } from '../../model/finding.ts';
import { defineRule } from '../../model/rule.ts';
import { parsePort } from '../../util/port-range.ts';
import { atValue } from '../evidence.ts';
import { isRendered, placeholderIn } from '../left-over-text.ts';

export default defineRule({
  id: 'listener/server-address-invalid',
  meta: {
    title: 'Address of another server or listener that is none',
    effect: 'Clients are sent to an address where nothing is',
    why: 'alternate-server and its kind send clients on with 300 (Try Alternate), aux-server listens there. coturn drops what it cannot resolve, counts a port modulo 65536, takes 3478 for one it cannot read, and 0.0.0.0 for an empty value; none of it stops the start.',
    remedy: 'Write ADDRESS or ADDRESS:PORT, an IPv6 address in brackets.',
    severity: 'error',
    explainedBy: ['config/inline-comment', 'config/trailing-semicolon', 'config/quoted-value'],
    references: ['coturn src/client/ns_turn_ioaddr.c, make_ioa_addr_from_full_string', 'RFC 8489 §10'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) =>
    settingsOf(config, version).known.flatMap(entry => {
      if (canonicalDirective(entry.name)?.type !== 'server-address' || isRendered(entry)) return [];
      const wrong = whatIsWrong(entry);
      return wrong === null ? [] : [{ ...wrong, ...atValue(entry) }];
    }),
});

/** `[address]:port`, or an address without brackets when it has one colon at most. */
const FORM = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/;

function whatIsWrong(entry: ConfigEntry): Pick<Problem, 'message' | 'severity'> | null {
  const { name } = entry;
  const value = entry.value ?? '';
  if (value === '') return { message: `${name} has no value: coturn takes it for 0.0.0.0` };
  if (addressForm(value) === 'address') return null;
  const [, inBrackets, plain, port] = FORM.exec(value) ?? [];
  const form = addressForm(inBrackets ?? plain ?? value);
  if (form === 'neither' || placeholderIn(entry) !== null) {
    return { message: `${name}=${value} is no address, and coturn drops the line` };
  }
  if (port === undefined || parsePort(port) !== null) return null;
  const read = atoi(port) & 0xffff || 3478;
  return { message: `${name}=${value} has no valid port: coturn reads ${read}`, severity: 'warning' };
}
