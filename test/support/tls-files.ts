import { known } from '../../src/model/fact.ts';
import type { CertificateFile, TlsFilesFact } from '../../src/model/facts.ts';
import { deployment } from './facts-builder.ts';

const healthy = deployment.facts.tlsFiles;
if (!healthy.known) throw new Error('the healthy deployment has a certificate');

type Certificate = Extract<TlsFilesFact['certificate'], { known: true }>['value'];

const healthyCertificate = healthy.value.certificate as { readonly known: true; readonly value: Certificate };

export interface TlsFilesChanges {
  readonly certificateFile?: Partial<CertificateFile>;
  readonly keyFile?: Partial<CertificateFile>;
  readonly certificate?: Partial<Certificate>;
  readonly key?: Partial<Extract<TlsFilesFact['key'], { known: true }>['value']>;
}

/** The readable, matching pair of the healthy deployment, changed. */
export const tlsFiles = (changes: TlsFilesChanges): { readonly tlsFiles: TlsFilesFact } => ({
  tlsFiles: {
    certificateFile: { ...healthy.value.certificateFile, ...changes.certificateFile },
    keyFile: { ...healthy.value.keyFile, ...changes.keyFile },
    certificate: known({ ...healthyCertificate.value, ...changes.certificate }),
    key: known({ encrypted: false, matchesCertificate: true, ...changes.key }),
  },
});
