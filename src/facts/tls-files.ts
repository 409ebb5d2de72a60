import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { attempt } from '../host/attempt.ts';
import { type FileStatus, type Host, HostError, type HostErrorCode } from '../host/host.ts';
import { findLikeCoturn } from '../host/search-path.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { CertificateFile, TlsFilesFact } from '../model/facts.ts';
import { isoDate } from '../util/date.ts';
import { readability } from './service-files.ts';
import { type Survey, serviceIdentity, serviceView } from './survey.ts';

/** `cert`, `pkey` and `pkey-pwd` as configured; null where they are not. */
export interface TlsSettings {
  readonly certificate: string | null;
  readonly key: string | null;
  readonly keyPassword: string | null;
}

/** What coturn looks for without `cert` and `pkey`. */
const DEFAULT_CERTIFICATE = 'turn_server_cert.pem';
const DEFAULT_KEY = 'turn_server_pkey.pem';

/** Certificate and key as files, and what is in them. No part of the key gets into the fact. */
export async function gatherTlsFiles(
  host: Host,
  survey: Survey,
  settings: TlsSettings,
): Promise<Fact<TlsFilesFact>> {
  const [certificateFile, keyFile] = await Promise.all([
    describeFile(host, survey, settings.certificate ?? DEFAULT_CERTIFICATE),
    describeFile(host, survey, settings.key ?? DEFAULT_KEY),
  ]);
  const { root } = serviceView(survey);
  const [certificatePem, keyPem] = await Promise.all([
    readPem(host, root, certificateFile),
    readPem(host, root, keyFile),
  ]);
  const certificate = certificatePem.known ? parseCertificate(certificatePem.value) : certificatePem;
  return known({
    certificateFile,
    keyFile,
    certificate: certificate.known ? known(certificate.value.fact) : certificate,
    key: keyPem.known
      ? parseKey(keyPem.value, settings.keyPassword, certificate.known ? certificate.value.x509 : null)
      : keyPem,
  });
}

async function describeFile(host: Host, survey: Survey, name: string): Promise<CertificateFile> {
  const identity = serviceIdentity(survey);
  const view = serviceView(survey);
  const path = (await findLikeCoturn(host, name, identity.known ? identity.value : null, view)) ?? name;
  const status = path.startsWith('/') ? await statusOrCode(host, view.root + path) : 'not-found';
  return {
    path,
    // What turnctl may not look at is there as far as it knows.
    exists: status !== 'not-found',
    modifiedAt: typeof status === 'string' ? null : new Date(status.modifiedAtMs).toISOString(),
    ...(await readability(host, survey, path)),
  };
}

async function statusOrCode(host: Host, path: string): Promise<FileStatus | HostErrorCode> {
  try {
    return await host.status(path);
  } catch (error) {
    if (error instanceof HostError) return error.code;
    throw error;
  }
}

async function readPem(host: Host, root: string, { path }: CertificateFile): Promise<Fact<string>> {
  if (!path.startsWith('/')) return unknown(`there is no ${path} where coturn looks for it`);
  return attempt(async () => Buffer.from(await host.readFile(root + path)).toString('latin1'));
}

type Certificate = Extract<TlsFilesFact['certificate'], { known: true }>['value'];

/** The first certificate of a PEM file, which is the server's own, and how many there are. */
export function parseCertificate(pem: string): Fact<{ fact: Certificate; x509: X509Certificate }> {
  const chainLength = pem.match(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g)?.length ?? 0;
  if (chainLength === 0) return unknown('the file holds no certificate in PEM form');
  const x509 = unlessRefused(() => new X509Certificate(pem));
  const [notBefore, notAfter] = [isoDate(x509?.validFrom ?? ''), isoDate(x509?.validTo ?? '')];
  if (!x509 || notBefore === null || notAfter === null) {
    return unknown('the certificate in the file is damaged');
  }
  const type = x509.publicKey.asymmetricKeyType;
  return known({
    x509,
    fact: {
      subject: oneLine(x509.subject),
      issuer: oneLine(x509.issuer),
      names: parseAlternativeNames(x509.subjectAltName ?? ''),
      notBefore,
      notAfter,
      fingerprint256: x509.fingerprint256,
      keyType:
        type === 'rsa' || type === 'ec' || type === 'ed25519' ? type : type === 'rsa-pss' ? 'rsa' : 'other',
      chainLength,
      selfSigned: x509.checkIssued(x509) && x509.verify(x509.publicKey),
    },
  });
}

/** Form of a private key, and whether it belongs to the certificate; null without the one or the password. */
export function parseKey(
  pem: string,
  password: string | null,
  certificate: X509Certificate | null,
): TlsFilesFact['key'] {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    return unknown('the file holds no private key in PEM form');
  const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
  // Messages of the library are left out: nothing that was read from a key may be quoted.
  const key = unlessRefused(
    (): KeyObject => createPrivateKey(password === null ? pem : { key: pem, passphrase: password }),
  );
  if (!key && !encrypted) return unknown('the private key in the file is damaged');
  return known({
    encrypted,
    matchesCertificate: key && certificate ? certificate.checkPrivateKey(key) : null,
  });
}

/** `DNS:a.example, IP Address:192.0.2.1`; names with commas or quotes come as JSON strings. */
export function parseAlternativeNames(text: string): readonly string[] {
  return [...text.matchAll(/(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(([, name = '']) =>
    name.startsWith('"') ? String(JSON.parse(name)) : name,
  );
}

/** Node has the parts of a name on lines of their own. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').filter(Boolean).join(', ');
}

/** OpenSSL's refusals are errors with a code; anything else is a bug of ours. */
function unlessRefused<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
