import { orNull } from '../host/attempt.ts';
import type { Host } from '../host/host.ts';
import type { CertificateFile, TlsFilesFact } from '../model/facts.ts';
import type { Survey } from './survey.ts';
import { gatherTlsFiles } from './tls-files.ts';

/** A certificate that coturn can serve as things are. */
export interface CertificatePair {
  readonly certificate: string;
  readonly key: string;
  /** DNS names and addresses it is for. */
  readonly names: readonly string[];
}

export interface CertificateSearch {
  readonly usable: readonly CertificatePair[];
  /** Certificates that are there and would not do, with the reason. */
  readonly unusable: readonly { readonly path: string; readonly why: string }[];
}

/** certbot's folder of links to the newest certificates, one folder for each. */
const CERTBOT = '/etc/letsencrypt/live';

/** Looks into `folder`, then into certbot's, for `fullchain.pem` and `privkey.pem`. `now`: milliseconds since 1970. */
export async function findCertificates(
  host: Host,
  survey: Survey,
  { folder, now }: { readonly folder: string; readonly now: number },
): Promise<CertificateSearch> {
  const names = (await orNull(() => host.readDirectory(CERTBOT))) ?? [];
  const folders = [folder, ...names.filter(name => name !== 'README').map(name => `${CERTBOT}/${name}`)];
  const found = await Promise.all(folders.map(path => judgeCertificate(host, survey, pairIn(path), now)));
  return {
    usable: found.flatMap(result => (result !== null && 'names' in result ? [result] : [])),
    unusable: found.flatMap(result => (result !== null && 'why' in result ? [result] : [])),
  };
}

const pairIn = (folder: string) => ({
  certificate: `${folder}/fullchain.pem`,
  key: `${folder}/privkey.pem`,
});

type Judged = CertificatePair | { readonly path: string; readonly why: string } | null;

/** The pair, or why coturn or its clients would not take it; null where there is no such file. */
export async function judgeCertificate(
  host: Host,
  survey: Survey,
  pair: { readonly certificate: string; readonly key: string },
  now: number,
): Promise<Judged> {
  const files = await gatherTlsFiles(host, survey, { ...pair, keyPassword: null });
  if (!files.known) return { path: pair.certificate, why: files.reason };
  const { certificateFile, certificate } = files.value;
  if (!certificateFile.exists) return null;
  const why = objection(files.value, now);
  if (why !== null) return { path: pair.certificate, why };
  return { ...pair, names: certificate.known ? certificate.value.names : [] };
}

function objection({ certificateFile, keyFile, certificate, key }: TlsFilesFact, now: number): string | null {
  const shut = [certificateFile, keyFile].flatMap(file => whyShut(file) ?? [])[0];
  if (shut !== undefined) return shut;
  if (!certificate.known) return certificate.reason;
  if (!key.known) return key.reason;
  if (Date.parse(certificate.value.notAfter) <= now) return `it expired on ${certificate.value.notAfter}`;
  if (key.value.encrypted) return 'its key has a password';
  if (key.value.matchesCertificate === false) return 'the key belongs to another certificate';
  return certificate.value.selfSigned ? 'it is self-signed, and browsers do not take it' : null;
}

function whyShut(file: CertificateFile): string | null {
  if (!file.exists) return `there is no ${file.path}`;
  if (file.readableByService === true) return null;
  return file.readableByService === null
    ? `whether coturn may read ${file.path} is not known`
    : `${file.blockedAt}: ${file.blockedBecause}`;
}
