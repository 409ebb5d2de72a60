import type { Redactor } from '../../bundle/redactor.ts';
import type { Screen } from '../../capture/hide-secrets.ts';

const LONGEST_GREETING = 64;

/** For the capture of a bundle. Of a protocol that is none of ours the first line tells which it is; the rest may be anything. */
export const screenOf = ({
  coverSecrets,
  coverUser,
}: Pick<Redactor, 'coverSecrets' | 'coverUser'>): Screen => ({
  secrets: coverSecrets,
  user: coverUser,
  foreign: bytes => {
    const end = bytes.findIndex(byte => byte < 0x20 || byte > 0x7e);
    bytes.subarray(Math.min(LONGEST_GREETING, end === -1 ? bytes.length : end)).fill(0);
    coverSecrets(bytes);
  },
});
