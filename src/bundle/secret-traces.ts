import { LEAST_LENGTH } from './trace-search.ts';

/**
 * How a secret may stand in a text: as it is; with the escapes of JSON, URLs, HTML, mail and systemd; in hexadecimal digits
 * with and without what tools put between them; in two bytes a character; in base64 wherever in a longer text it began. The
 * longest first.
 */
export function tracesOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const wide = Buffer.from(secret, 'utf16le');
  const traces = [
    ...[secret, ...inJson(secret), ...inUrl(secret), ...inMarkup(secret)],
    // One character a byte of UTF-8.
    bytes.toString('latin1'),
    ...[...hexOf(bytes), wide.toString('hex')],
    ...[wide.toString('latin1').slice(0, -1), secret.split('').join(String.raw`\u0000`)],
    ...(HEX.test(secret) ? keyInOtherForms(Buffer.from(secret, 'hex')) : []),
    ...[bytes, wide].flatMap(form => [0, 1, 2].flatMap(offset => base64From(form, offset))),
  ];
  return [...new Set(traces)].sort((a, b) => b.length - a.length);
}

const HEX = /^(?:[\da-f]{2}){8,}$/i;

/** Of a key that is known by its hexadecimal digits. */
const keyInOtherForms = (bytes: Uint8Array): readonly string[] => [
  ...hexOf(bytes),
  ...[0, 1, 2].flatMap(offset => base64From(bytes, offset)),
];

/** Serializers differ in which characters they write as `\uXXXX`: all but ASCII, what HTML reads, and all quotes. */
function inJson(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const escaped = (text: string, characters: RegExp): string =>
    text.replace(characters, found => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const capitals = (text: string): string =>
    text.replace(/\\u[\da-f]{4}/g, found => `\\u${found.slice(2).toUpperCase()}`);
  const variants = [
    escaped(json, /[\u0080-\uffff]/g),
    escaped(json, /[<>&\u2028\u2029]/g),
    escaped(escaped(secret, /["'\\]/g), /[<>&+`\u0080-\uffff]/g),
  ];
  return [
    ...[json, json.replaceAll('/', String.raw`\/`), JSON.stringify(json).slice(1, -1)],
    ...variants,
    ...variants.map(capitals),
  ];
}

function inUrl(secret: string): readonly string[] {
  // Half of a surrogate pair cannot be written in a URL.
  const sound = Buffer.from(secret).toString();
  const url = encodeURIComponent(sound);
  const lower = (text: string): string => text.replaceAll(/%[\dA-F]{2}/g, found => found.toLowerCase());
  const strict = url.replaceAll(/[!'()*~]/g, found => `%${hexPairs(Buffer.from(found))[0]?.toUpperCase()}`);
  const written = [url, strict, url.replaceAll('%20', '+'), encodeURI(sound)];
  return [
    ...written.flatMap(text => [text, lower(text)]),
    ...[url, lower(url)].map(encodeURIComponent),
    ...['%', String.raw`\x`].flatMap(mark => {
      const whole = mark + hexPairs(Buffer.from(secret)).join(mark);
      return [whole, whole.toUpperCase().replaceAll(String.raw`\X`, String.raw`\x`)];
    }),
  ];
}

/** HTML by two habits, quoted-printable, and names of units. */
function inMarkup(secret: string): readonly string[] {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  const html = secret.replace(/[&<>]/g, found => entities[found] as string);
  const bytewise = (characters: RegExp, mark: string, change = (pair: string) => pair): string =>
    secret.replace(characters, found =>
      hexPairs(Buffer.from(found))
        .map(pair => mark + change(pair))
        .join(''),
    );
  return [
    html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    html.replaceAll('"', '&#34;').replaceAll("'", '&#39;').replaceAll('+', '&#43;'),
    html.replaceAll('"', '&quot;').replaceAll("'", '&#x27;'),
    bytewise(/[=\u0080-\uffff]+/g, '=', pair => pair.toUpperCase()),
    bytewise(/[^\w:./]+/g, String.raw`\x`).replaceAll('/', '-'),
  ];
}

const hexPairs = (bytes: Uint8Array): readonly string[] =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0'));

/** As `xxd -p`, certificates, `od` and `xxd` write them. */
function hexOf(bytes: Uint8Array): readonly string[] {
  const pairs = hexPairs(bytes);
  const hex = pairs.join('');
  return ['', ':', ' ', '-']
    .flatMap(between => [pairs.join(between), pairs.join(between).toUpperCase()])
    .concat(hex.replace(/.{4}(?=.)/g, '$& '));
}

/** The characters that depend on the secret alone, when `offset` bytes stand before it in a group of three. */
function base64From(bytes: Uint8Array, offset: number): readonly string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
  const whole = padded.length - (padded.length % 3);
  // Of a group that the secret begins or ends in, some bits belong to its neighbours.
  const text = padded.toString('base64').slice(offset === 0 ? 0 : offset + 1, (whole / 3) * 4);
  if (text.length < LEAST_LENGTH) return [];
  return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
}
