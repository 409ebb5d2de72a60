/** What hex text says, or why it says nothing. */
export type HexResult = { readonly packets: readonly Uint8Array[] } | { readonly problem: string };

/**
 * Bytes from hex text: digits alone, with blanks, colons, commas, `0x` or `\x` between them, or a dump of xxd, od, hexdump or
 * Wireshark with offsets before and text behind. Where offsets start again at 0, another packet starts.
 */
export function readHex(text: string): HexResult {
  const lines = text.split(/\r?\n/).filter(line => line.trim() !== '' && !/^\s*(?:#|\/\/)/.test(line));
  if (lines.length === 0) return { problem: 'there is nothing in it' };
  const dump = lines.every(isDumpLine) && startsAtZero(lines);
  return dump ? readDump(lines) : readPlain(lines.join(' '));
}

/** An offset of at least three digits (od: seven octal), then what is left of the line. */
const DUMP_LINE = /^\s*(?:0x)?([0-9a-f]{3,8})(?:[:|]?\s+|:|$)(.*)$/i;

const isDumpLine = (line: string): boolean => DUMP_LINE.test(line) || /^\*$/.test(line.trim());

const startsAtZero = ([first = '']: readonly string[]): boolean =>
  /^0+$/.test(DUMP_LINE.exec(first)?.[1] ?? '') && first.trim().length > 8;

function readDump(lines: readonly string[]): HexResult {
  const packets: number[][] = [];
  const octal = isOctal(lines);
  const words = wordOrder(lines);
  for (const line of lines) {
    const [, offsetText = '', rest = ''] = DUMP_LINE.exec(line) ?? [];
    if (offsetText === '') return { problem: 'it leaves lines out (`*`): dump it with -v' };
    const offset = Number.parseInt(offsetText, octal ? 8 : 16);
    if (offset === 0 && rest.trim() !== '') packets.push([]);
    const packet = packets.at(-1) ?? [];
    // The last line of od and hexdump is the length alone.
    if (rest.trim() === '') {
      if (words === 'little') packet.length = Math.min(packet.length, offset);
      continue;
    }
    if (offset !== packet.length) {
      return {
        problem: `at offset ${offsetText} there should be ${packet.length.toString(16)}: bytes are missing`,
      };
    }
    packet.push(...dumpBytes(rest, words === 'little'));
  }
  return { packets: packets.map(packet => Uint8Array.from(packet)) };
}

const offsetsOf = (lines: readonly string[]): string[] =>
  lines.map(line => DUMP_LINE.exec(line)?.[1] ?? '').filter(Boolean);

/** od counts in octal: its second line is 0000020, and no digit is above 7. */
function isOctal(lines: readonly string[]): boolean {
  const offsets = offsetsOf(lines);
  if (!offsets.every(offset => offset.length === 7 && /^[0-7]+$/.test(offset))) return false;
  const second = Number.parseInt(offsets[1] ?? '0', 8);
  const bytes = dumpBytes(DUMP_LINE.exec(lines[0] ?? '')?.[2] ?? '', false).length;
  return second === bytes || offsets.length === 1;
}

/** `od -x` and plain `hexdump` print words of the host's order; xxd prints pairs of bytes as they are. */
function wordOrder(lines: readonly string[]): 'little' | 'bytes' {
  const [first = ''] = lines;
  const [, offset = '', rest = ''] = DUMP_LINE.exec(first) ?? [];
  const isWords = /^[0-9a-f]{4}(?:\s+[0-9a-f]{4})*\s*$/i.test(rest);
  return isWords && offset.length === 7 && !first.includes(':') ? 'little' : 'bytes';
}

/** The hex part of one line. Two blanks or more start the text, except in the middle of sixteen bytes, where some leave a gap. */
function dumpBytes(rest: string, swapped: boolean): number[] {
  const [first = '', second = ''] = rest
    .replace(/\|.*$/, '')
    .trim()
    .split(/\s{2,}/);
  const bytes = groupBytes(first, swapped);
  const half = /^[0-9a-f]{2}(?: [0-9a-f]{2}){7}$/i.test(first);
  return half && /^[0-9a-f]{2}(?: [0-9a-f]{2})*$/i.test(second)
    ? [...bytes, ...groupBytes(second, swapped)]
    : bytes;
}

function groupBytes(text: string, swapped: boolean): number[] {
  const bytes: number[] = [];
  for (const group of text.split(/\s+/)) {
    if (!/^(?:[0-9a-f]{2})+$/i.test(group)) break;
    const pairs = (group.match(/../g) ?? []).map(pair => Number.parseInt(pair, 16));
    bytes.push(...(swapped ? pairs.reverse() : pairs));
  }
  return bytes;
}

function readPlain(text: string): HexResult {
  const digits = text.replace(/\\x|0x/gi, ' ').replace(/[\s:,;"'{}[\]()-]/g, '');
  const at = digits.search(/[^0-9a-f]/i);
  if (at >= 0) return { problem: `"${digits.slice(at, at + 1)}" is no hex digit` };
  if (digits.length % 2 !== 0) return { problem: `it has ${digits.length} hex digits, an odd number` };
  const pairs = digits.match(/../g) ?? [];
  return { packets: [Uint8Array.from(pairs, pair => Number.parseInt(pair, 16))] };
}
