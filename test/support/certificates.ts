import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

interface IssueOptions {
  readonly subject: string;
  /** Default: an authority of its own, self-signed. */
  readonly issuer?: Issued;
  /** As `DNS:localhost`. Without any it is an authority. */
  readonly names?: readonly string[];
  /** 0 has expired at once. */
  readonly days?: number;
  readonly key?: readonly string[];
  readonly digest?: 'sha1' | 'sha256';
}

const P256 = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

/** Issues a certificate with openssl. */
export function issue(options: IssueOptions): Issued {
  const { subject, issuer, names = [], days = 2, key = P256, digest = 'sha256' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-issue-'));
  const at = (name: string) => join(folder, name);
  const openssl = (...argv: string[]) => execFileSync('openssl', argv, { stdio: 'ignore' });
  try {
    const extensions = names.length === 0 ? 'CA:TRUE' : `CA:FALSE\nsubjectAltName=${names.join(',')}`;
    writeFileSync(at('extensions'), `basicConstraints=critical,${extensions}\n`);
    const request = ['req', '-new', '-newkey', ...key, '-nodes', '-subj', `/CN=${subject}`];
    openssl(...request, '-keyout', at('key'), '-out', at('request'));
    if (issuer) writeFileSync(at('issuer'), `${issuer.certificate}${issuer.key}`);
    const by = issuer
      ? ['-CA', at('issuer'), '-CAkey', at('issuer'), '-CAcreateserial']
      : ['-signkey', at('key')];
    const sign = ['x509', '-req', `-${digest}`, '-in', at('request'), ...by, '-days', String(days)];
    openssl(...sign, '-extfile', at('extensions'), '-out', at('certificate'));
    return { certificate: readFileSync(at('certificate'), 'utf8'), key: readFileSync(at('key'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
