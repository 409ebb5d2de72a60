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
const ASSIGNMENT = new RegExp(
  `((?:^|[^\\w-])-{0,2}(?:${SECRET_OPTIONS.join('|')})\\s*[=:]+\\s*)("?)[^\\s"'&,;]+\\2`,
  'gi',
);
const USER_LINE = /((?:^|[\s-])user(?:\s*=\s*|\s+))([^\s:=<>]+):(?!\s)[^\s"']+/gi;
const URI_PASSWORD = /(:\/\/[^\s:/@]*):[^\s/@]+@/g;
const PRIVATE_KEY = /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g;
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
    .replace(ASSIGNMENT, `$1${MASK}`)
    .replace(USER_LINE, `$1$2:${MASK}`)
    .replace(URI_PASSWORD, `$1:${MASK}@`)
    .replace(TOKEN, token => (looksRandom(token) ? MASK : token));
}

/** Arguments of a program with their secrets replaced, also where the value is an argument of its own. */
export function maskArguments(argv: readonly string[]): string[] {
  return argv.map((argument, index) => {
    const option = argv[index - 1] ?? '';
    if (SECRET_OPTIONS.includes(option.replace(/^--?/, ''))) return MASK;
    if (option === '-u' || option === '--user') return maskUser(argument);
    if (argument.startsWith('--user=')) return `--user=${maskUser(argument.slice('--user='.length))}`;
    return maskSecrets(argument);
  });
}

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
