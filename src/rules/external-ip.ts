import type { Settings } from '../config/settings.ts';
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

/** A name that a resolver would be asked for; an underscore is in none, and a number is none. */
const HOST_NAME = /^(?=.*[a-z])[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*\.?$/i;

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

/** Whether a resolver would be asked for it; whether it resolves, the file does not tell. */
export const isHostName = (text: string): boolean => HOST_NAME.test(text.trim());

const isAddress = (text: string): boolean => parseIp(text.trim()) !== null || isHostName(text);

/** The plain external-ip in force: of several, coturn keeps the first that it accepts. */
export const plainExternalIp = (settings: Settings): ExternalIp | undefined =>
  externalIps(settings).find(({ form, valid }) => form === 'plain' && valid);
