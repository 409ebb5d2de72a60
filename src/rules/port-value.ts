import type { Settings } from '../config/settings.ts';
import { readPort } from '../config/values.ts';
import type { ConfigEntry } from '../model/facts.ts';
import { parsePort } from '../util/port-range.ts';
import { isRendered } from './left-over-text.ts';

/** Trailing comments and semicolons have rules of their own. */
const TAIL = /\s*(?:;|\s#|\s\/\/).*$/;

/** Two numbers with something between them: `50000-50100`, `50000:50100`, `50000 60000`. */
const RANGE = /^\d{1,5}\s*(?:-|–|:|\.\.|,|\s)\s*\d{1,5}$/;

export const isPortRangeText = (entry: ConfigEntry): boolean => RANGE.test(entry.value ?? '');

/** The line by which a port is 0: no port of its own, but no mistake to coturn. */
export function zeroPort(settings: Settings, option: string): ConfigEntry | null {
  const entry = settings.deciding(option);
  return entry !== undefined && parsePort(portText(entry)) === 0 ? entry : null;
}

/** `+50000` and `050000` are 50000 to every release. */
const SIGN_AND_ZEROS = /^\+?0*(?=\d)/;

const portText = ({ value }: ConfigEntry): string =>
  (value ?? '').replace(TAIL, '').trim().replace(SIGN_AND_ZEROS, '');

/** What is wrong with each port in force of these options, as the end of a sentence. Empty values are `config/empty-value`. */
export function invalidPorts(
  settings: Settings,
  options: readonly string[],
): { readonly entry: ConfigEntry; readonly message: string; readonly severity?: 'warning' }[] {
  return options.flatMap(option => {
    const entry = settings.deciding(option);
    const value = entry === undefined ? '' : portText(entry);
    if (entry === undefined || value === '' || isRendered(entry) || isPortRangeText(entry)) return [];
    const port = parsePort(value);
    if (port !== null) return [];
    const read = readPort(entry.value ?? '', settings.version);
    if (read === 'fatal')
      return [{ entry, message: `${entry.name}=${entry.value} is no port: coturn exits over it` }];
    const message = `${entry.name}=${entry.value} is no port: coturn ${settings.version} reads ${read}`;
    // The number that was meant, with something behind it: a trap for the next upgrade.
    const harmless = value.startsWith(String(read)) && !/^\d/.test(value.slice(String(read).length));
    return [
      harmless
        ? { entry, message: `${message}, 4.13.0 and later exit`, severity: 'warning' }
        : { entry, message },
    ];
  });
}
