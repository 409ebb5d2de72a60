import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A packet as it was on the wire of somebody else's program. */
export interface Packet {
  readonly name: string;
  /** The first line: who sent it, and what it is. */
  readonly origin: string;
  readonly bytes: Uint8Array;
  /** The long-term credential of the session, where the packet belongs to an authenticated request. */
  readonly credential: { username: string; realm: string; password: string } | undefined;
}

const folder = join(import.meta.dirname, '../fixtures/packets');

export const packets: readonly Packet[] = readdirSync(folder)
  .filter(file => file.endsWith('.hex'))
  .map(file => parse(file.slice(0, -4), readFileSync(join(folder, file), 'utf8')));

function parse(name: string, text: string): Packet {
  const [origin = '', ...lines] = text.split('\n');
  const [, username = '', realm = '', password] =
    /username=(\S+) realm=(\S+) password=(\S+)/.exec(origin) ?? [];
  return {
    name,
    origin,
    bytes: fromHex(lines.join('')),
    credential: password === undefined ? undefined : { username, realm, password },
  };
}

/** @throws when there is no such file. */
export function packet(name: string): Packet {
  const found = packets.find(candidate => candidate.name === name);
  if (!found) throw new Error(`no test/fixtures/packets/${name}.hex`);
  return found;
}

/** Bytes from hexadecimal digits; blanks do not matter. */
export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.replace(/\s/g, '').match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}
