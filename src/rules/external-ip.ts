import type { Settings } from '../config/settings.ts';
import { addressForm } from '../config/values.ts';
import type { ConfigEntry } from '../model/facts.ts';
import { type Ip, parseIp } from '../util/ip.ts';
import { isRendered, placeholderIn } from './left-over-text.ts';

/** One external-ip line: `PUBLIC`, or `PUBLIC/PRIVATE`. A half that is a host name has no address here. */
export interface ExternalIp {
  readonly entry: ConfigEntry;
  readonly form: 'plain' | 'pair';
  readonly publicIp: Ip | null;
  readonly privateIp: Ip | null;
  /** Whether coturn takes it: addresses, or names that it can resolve. */
  readonly valid: boolean;
}

/** Every external-ip with a value, in order. */
export function externalIps(settings: Settings): ExternalIp[] {
  return settings
    .entries('external-ip')
    .filter(entry => (entry.value ?? '') !== '' && !isRendered(entry))
    .map(entry => {
      const [first = '', second, ...more] = entry.value!.split('/');
      const halves = second === undefined ? [first] : [first, second, ...more];
      return {
        entry,
        form: second === undefined ? ('plain' as const) : ('pair' as const),
        publicIp: parseIp(first.trim()),
        privateIp: second === undefined ? null : parseIp(second.trim()),
        valid: halves.length <= 2 && halves.every(isAddress) && placeholderIn(entry) === null,
      };
    });
}

/** A number alone is a prefix length to whoever wrote it, though coturn makes 0.0.0.24 of it. */
const isAddress = (text: string): boolean =>
  addressForm(text.trim()) !== 'neither' && !/^\d{1,3}$/.test(text.trim());

/** The plain external-ip in force: of several, coturn keeps the first that it accepts. */
export const plainExternalIp = (settings: Settings): ExternalIp | undefined =>
  externalIps(settings).find(({ form, valid }) => form === 'plain' && valid);
