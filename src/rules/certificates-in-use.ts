import type { FactValues } from '../model/facts.ts';
import type { Location } from '../model/finding.ts';
import { observed } from '../model/observation.ts';
import { endpointOf } from './wire-evidence.ts';

interface CertificateInUse {
  /** `in /etc/coturn/turn.pem`, `on 203.0.113.10:5349/tls`. */
  readonly where: string;
  readonly at?: Location;
  readonly subject: string;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** The certificate of the file and those served; one that is served as it is in the file counts once. */
export function certificatesInUse({
  tlsFiles,
  wire,
}: Partial<Pick<FactValues, 'tlsFiles' | 'wire'>>): CertificateInUse[] {
  const path = tlsFiles?.certificateFile.path ?? '';
  const file = tlsFiles?.certificate.known ? tlsFiles.certificate.value : undefined;
  const served = observed(wire?.observations ?? [], 'tls-handshake').flatMap(observation =>
    observation.outcome === 'handshake'
      ? [{ ...observation.certificate, where: `on ${endpointOf(observation)}` }]
      : [],
  );
  const others = served.filter(
    ({ fingerprint256 }, index) =>
      fingerprint256 !== file?.fingerprint256 &&
      served.findIndex(other => other.fingerprint256 === fingerprint256) === index,
  );
  return [...(file ? [{ ...file, where: `in ${path}`, at: { file: path } }] : []), ...others];
}
