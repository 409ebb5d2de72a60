import { LEAST_LENGTH } from './trace-search.ts';

/**
 * How a secret may stand in a text: as it is, with the escapes of JSON or of a URL, in hexadecimal digits, in base64
 * wherever in a longer text it began. The longest first.
 */
export function tracesOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const traces = [
    ...[secret, json, json.replaceAll('/', '\\/'), JSON.stringify(json).slice(1, -1)],
    ...[
      url,
      url.replaceAll(/%../g, found => found.toLowerCase()),
      url.replaceAll('%20', '+'),
      encodeURI(secret),
    ],
    ...[hex, hex.toUpperCase()],
    ...[0, 1, 2].flatMap(offset => base64From(bytes, offset)),
  ];
  return [...new Set(traces)].sort((a, b) => b.length - a.length);
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
