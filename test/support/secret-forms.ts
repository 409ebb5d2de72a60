const bytesOf = (secret: string) => [...Buffer.from(secret)];
const hex = (secret: string) => bytesOf(secret).map(byte => byte.toString(16).padStart(2, '0'));

/** Ways in which programs write a secret down. Made without the code under test, so that the two cannot be wrong together. */
export const SECRET_FORMS: Readonly<Record<string, (secret: string) => string>> = {
  'a URL in a URL': s => encodeURIComponent(encodeURIComponent(s)),
  'every byte in percent': s =>
    hex(s)
      .map(pair => `%${pair}`)
      .join(''),
  'every byte in percent, capitals': s =>
    hex(s)
      .map(pair => `%${pair.toUpperCase()}`)
      .join(''),
  'escapes of C': s =>
    hex(s)
      .map(pair => `\\x${pair}`)
      .join(''),
  'hex with colons': s => hex(s).join(':'),
  'hex with colons, capitals': s => hex(s).join(':').toUpperCase(),
  'hex with dashes': s => hex(s).join('-').toUpperCase(),
  'od -t x1': s => ` ${hex(s).join(' ')} `,
  xxd: s => hex(s).join('').replace(/.{4}/g, '$& '),
  'UTF-16': s => Buffer.from(s, 'utf16le').toString('latin1'),
  'UTF-16, in base64 of PowerShell': s => Buffer.from(`x=${s};`, 'utf16le').toString('base64'),
  'UTF-16, hex': s => Buffer.from(s, 'utf16le').toString('hex'),
  'json of Go': s => JSON.stringify(s).replace(/[<>&]/g, c => `\\u00${c.charCodeAt(0).toString(16)}`),
  'json of Python': s =>
    JSON.stringify(s).replace(/[\u0080-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'json of .NET': s =>
    JSON.stringify(s)
      .replaceAll('\\"', '"')
      .slice(1, -1)
      .replace(/[<>&+'"`]/g, c => `\\u00${c.charCodeAt(0).toString(16).toUpperCase()}`)
      .replace(/[\u0080-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`),
  'json of PHP': s =>
    JSON.stringify(s)
      .replaceAll('/', '\\/')
      .replace(/[\u0080-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  html: s =>
    s
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  'html of Go': s =>
    s
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&#34;')
      .replaceAll("'", '&#39;')
      .replaceAll('+', '&#43;'),
  'quoted-printable': s =>
    [...Buffer.from(s)]
      .map(byte =>
        byte > 0x7e || byte === 0x3d ? `=${byte.toString(16).toUpperCase()}` : String.fromCharCode(byte),
      )
      .join(''),
  'UTF-8 read as Latin-1': s => Buffer.from(s).toString('latin1'),
  'wrapped at ten characters': s => s.replace(/.{10}(?=.)/gu, '$&\n    '),
  'wrapped base64': s =>
    Buffer.from(`the secret ${s} of the server, and more words`).toString('base64').replace(/.{20}/g, '$&\n'),
  'wrapped mail': s => s.replace(/.{9}(?=.)/gu, '$&=\r\n'),
  'two entries of a journal': s =>
    `2026-01-31T12:00:00+0000 srv app[17]: ${s.slice(0, 11)}\n2026-01-31T12:00:00+0000 srv app[17]: ${s.slice(11)}`,
};
