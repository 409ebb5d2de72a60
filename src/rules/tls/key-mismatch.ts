import { settingsOf } from '../../config/settings.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { restartCommand } from '../service-commands.ts';
import { wireEvidence } from '../wire-evidence.ts';

export default defineRule({
  id: 'tls/key-mismatch',
  meta: {
    title: 'The private key does not belong to the certificate',
    effect: 'TURN over TLS does not work at all',
    why: 'coturn logs "invalid private key", opens the port all the same, and every handshake ends with alert 40.',
    remedy: 'Name the key the certificate was made for.',
    severity: 'error',
    references: ['coturn 4.6.1 and 4.18.0, "no valid private key found"'],
  },
  needs: ['tlsFiles'],
  uses: ['config', 'version', 'service', 'wire'],
  check: ({ tlsFiles, config, version, service, wire }) => {
    const settings = config && version && settingsOf(config, version.version);
    if (settings?.flag('no-tls')) return { skip: 'TLS is switched off' };
    const { key, certificateFile, keyFile } = tlsFiles;
    if (!key.known) return { skip: key.reason };
    if (key.value.matchesCertificate === null)
      return { skip: 'the key could not be compared with the certificate' };
    if (key.value.matchesCertificate) return [];
    const entry = settings?.deciding('pkey');
    const failed = observed(wire?.observations ?? [], 'tls-handshake').find(
      ({ outcome }) => outcome === 'tls-failed',
    );
    return [
      {
        ...(entry ? atValue(entry) : { option: 'pkey' }),
        message: `${keyFile.path} is not the key of ${certificateFile.path}`,
        evidence: `their public keys differ${failed ? `; ${wireEvidence(failed)}` : ''}`,
        remedy: `Set cert and pkey to one pair (openssl pkey -pubout and openssl x509 -pubkey print the same key), then ${restartCommand(service)}.`,
      },
    ];
  },
});
