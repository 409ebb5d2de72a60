/** Stands for a secret of any length, so that not even its length is told. */
export const MASK = '***';

const SECRET_OPTIONS = [
  'static-auth-secret',
  'cli-password',
  'pkey-pwd',
  'stateless-nonce-secret',
  'secret-key',
  'password',
  'passwd',
  'secret',
  'token',
  'auth-secret',
];

// A value ends at white space or a quote; in a query string or a list also at `&`, `,` and `;`.
const VALUE = `(?:"[^"]*"?|'[^']*'?|[^\\s"'&,;]+)`;
const OPTIONS = `(?:^|[^\\w-])-{0,2}(?:${SECRET_OPTIONS.join('|')})`;
// JSON in a string of JSON has a backslash before each quote.
const ASSIGNED = `\\\\*["']?\\s*[=:]+\\s*\\\\*`;
const ASSIGNMENT = new RegExp(`(${OPTIONS}${ASSIGNED})${VALUE}`, 'gi');
/** Names nobody has listed, misspelt ones too; what starts with a slash is the file that holds the secret. */
const SECRET_NAME = /secre?t|passw?(?:or)?d|pass$|pwd|token/i;
const NAMED = new RegExp(`((?:${SECRET_NAME.source})[\\w-]{0,40}${ASSIGNED})(?!["']?/)${VALUE}`, 'gi');
/** Options as coturn takes them from a command line, and the header of an HTTP request. */
const FOLLOWING = new RegExp(
  `((?:^|[^\\w-])(?:-{0,2}(?:static-auth-secret|stateless-nonce-secret|cli-password|pkey-pwd)|Bearer)\\s+)${VALUE}`,
  'gi',
);
/** coturn repeats what it cannot read, and that may be a value in the wrong place. */
const REPEATED =
  /(Unknown (?:argument|boolean value): )(?!(?:-|true|false|yes|no|on|off|(?:en|dis)abled?)\b)\S+/gi;
const USER_LINE = /((?:^|[\s-])users?(?:\s*=\s*|\s+)|\s-[a-z]{0,20}u\s*)([^\s:=<>]+):(?!\s)[^\s"']+/gi;
const URI_PASSWORD = /(:\/\/[^\s:/@]*):[^\s/@]+@/g;
const PRIVATE_KEY = /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g;
/** Of which the beginning is cut off. Lines of base64 are 64 characters. */
const KEY_END = /(?:^[A-Za-z0-9+/=]{1,76}\r?\n){1,200}(?=-----END [A-Z ]*PRIVATE KEY-----)/gm;
// A path is taken whole, so that no part of it is judged by itself.
const TOKEN = /\/[^\s"'<>]*|[A-Za-z0-9+/_-]{24,}={0,2}/g;

/**
 * Text with its secrets replaced: values of options that hold one, passwords in `user=name:password` and in URIs,
 * private keys, and anything that looks like a digest or a random key. For logs and output of programs; the
 * configuration has its own masking, which keeps positions.
 */
export function maskSecrets(text: string): string {
  return text
    .replace(PRIVATE_KEY, `$1\n${MASK}\n$2`)
    .replace(KEY_END, `${MASK}\n`)
    .replace(ASSIGNMENT, `$1${MASK}`)
    .replace(NAMED, `$1${MASK}`)
    .replace(FOLLOWING, `$1${MASK}`)
    .replace(REPEATED, `$1${MASK}`)
    .replace(USER_LINE, `$1$2:${MASK}`)
    .replace(URI_PASSWORD, `$1:${MASK}@`)
    .replace(TOKEN, token => (looksRandom(token) ? MASK : token));
}

/** Arguments of a program with their secrets replaced, also where the value is an argument of its own. */
export function maskArguments(argv: readonly string[]): string[] {
  return argv.map((argument, index) => {
    const option = argv[index - 1] ?? '';
    if (takesSecret(option) && !argument.startsWith('-')) return MASK;
    if (USER_OPTION.test(option)) return maskUser(argument);
    const [, name, value] = /^(--[\w-]+)=(.*)$/s.exec(argument) ?? [];
    if (name !== undefined && value !== undefined) {
      if (SECRET_NAME.test(name) ? !value.startsWith('/') || takesSecret(name) : takesSecret(name))
        return `${name}=${MASK}`;
      if (USER_OPTION.test(name)) return `${name}=${maskUser(value)}`;
    }
    const attached = /^-[a-zA-Z]*?u(?=.*:)/.exec(argument)?.[0];
    if (attached !== undefined) return attached + maskUser(argument.slice(attached.length));
    return maskSecrets(argument);
  });
}

/** `-u`, alone or after letters without a value; `--user` and what getopt takes for it. */
const USER_OPTION = /^(?:-[a-zA-Z]*u|--us(?:e|er|ers)?)$/;

/** A long option whose value is a secret, shortened as getopt allows or misspelt. */
function takesSecret(option: string): boolean {
  const name = /^--([\w-]{3,})$/.exec(option)?.[1];
  if (name === undefined || name === 'pkey' || name === 'use-auth-secret' || name.endsWith('file'))
    return false;
  return SECRET_NAME.test(name) || SECRET_OPTIONS.some(known => known.startsWith(name));
}

/** Text without these secrets, in whatever words it repeats them. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  [...secrets]
    .sort((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, MASK), text);

/** A URI, or text that quotes one, without user information and without the values of its query. */
export const maskUri = (text: string): string =>
  text
    .replace(/(^|[\s"])((?:[a-z][a-z0-9+-]*:(?:\/\/)?)?)[^\s"]*@/gi, `$1$2${MASK}@`)
    .replace(/([?&](?!transport=)[^\s=&?"]*=)[^\s&"]+/gi, `$1${MASK}`);

function maskUser(account: string): string {
  const colon = account.indexOf(':');
  return colon === -1 ? account : `${account.slice(0, colon)}:${MASK}`;
}

function looksRandom(token: string): boolean {
  // Session numbers of coturn are digits only.
  if (token.startsWith('/')) return false;
  const body = token.replace(/=+$/, '');
  if (/^[0-9a-f]+$/i.test(body)) return body.length >= 32 && /[a-f]/i.test(body) && /\d/.test(body);
  return /[a-z]/.test(body) && /[A-Z]/.test(body) && /\d/.test(body);
}
