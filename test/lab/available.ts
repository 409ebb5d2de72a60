import { accessSync, constants } from 'node:fs';

const PROGRAMS = [
  'coturn',
  'dbus-daemon',
  'firewalld',
  'ip',
  'iptables',
  'nft',
  'nsenter',
  'openssl',
  'setpriv',
  'ufw',
  'unshare',
];

/** Whether the lab can be built on this machine; if not, the reason to print beside the skipped tests. */
export function labAvailable(more: readonly string[] = []): true | string {
  if (process.platform !== 'linux') return `the lab needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'the lab needs root';
  const missing = [...PROGRAMS, ...more].filter(program => !isInstalled(program));
  return missing.length === 0 ? true : `the lab needs ${missing.join(', ')}`;
}

function isInstalled(program: string): boolean {
  const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return folders.some(folder => {
    try {
      accessSync(`${folder}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
