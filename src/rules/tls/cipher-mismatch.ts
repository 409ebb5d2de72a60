import { settingsOf } from '../../config/settings.ts';
import { isAtLeast } from '../../config/versions.ts';
import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { restartCommand } from '../service-commands.ts';
import { wireEvidence } from '../wire-evidence.ts';

export default defineRule({
  id: 'tls/cipher-mismatch',
  meta: {
    title: 'cipher-list has no suite for the certificate',
    effect: 'TURN over TLS does not work',
    why: 'A suite of TLS 1.2 names the key type it needs, ECDSA or RSA. Without one for the key of the certificate the handshake ends with alert 40; only TLS 1.3 (coturn 4.6.2 and later) is not bound to a key type.',
    remedy: 'Remove cipher-list: the defaults serve every key type.',
    severity: 'error',
    references: ['RFC 8422 §2.2', 'openssl-ciphers(1)'],
    explainedBy: ['tls/key-mismatch', 'tls/key-encrypted'],
  },
  needs: ['config', 'version'],
  either: ['tlsFiles', 'wire'],
  uses: ['service'],
  check: ({ config, version, tlsFiles, wire, service }) => {
    const settings = settingsOf(config, version.version);
    const entry = settings.deciding('cipher-list');
    if (!entry?.value || settings.flag('no-tls')) return [];
    const advice = `Remove cipher-list, then ${restartCommand(service)}.`;

    const certificate = tlsFiles?.certificate;
    if (certificate?.known) {
      const { keyType } = certificate.value;
      const suits = (keyType === 'rsa' || keyType === 'ec') && !hasSuiteFor(keyType, entry.value);
      if (!suits) return [];
      const tls13 = isAtLeast(version.version, '4.6.2');
      return [
        {
          ...atValue(entry),
          message: `cipher-list has no suite for the ${keyType === 'rsa' ? 'RSA' : 'ECDSA'} key of the certificate: ${tls13 ? 'clients with TLS 1.2 fail' : 'every handshake fails'}`,
          remedy: advice,
          severity: tls13 ? 'warning' : 'error',
        },
      ];
    }
    const alert = observed(wire?.observations ?? [], 'tls-handshake').find(
      observation => observation.outcome === 'tls-failed' && /handshake[ _]failure/i.test(observation.error),
    );
    if (!alert) return [];
    return [
      {
        ...atValue(entry),
        message: 'The server refuses the handshake, and cipher-list limits its suites',
        evidence: `${atValue(entry).evidence}; ${wireEvidence(alert)}`,
        remedy: advice,
      },
    ];
  },
});

/** An alias such as HIGH may stand for suites of both kinds; only plain names and exclusions are told apart. */
function hasSuiteFor(keyType: 'rsa' | 'ec', cipherList: string): boolean {
  const elements = cipherList.split(/[:, ]+/).filter(element => element !== '' && !/^[!+@-]/.test(element));
  return elements.some(element => {
    if (element.startsWith('TLS_')) return false;
    if (element.includes('ECDSA')) return keyType === 'ec';
    const isSuiteName = /^[A-Z\d]+(?:-[A-Z\d]+)+$/.test(element);
    return isSuiteName || element.includes('RSA') ? keyType === 'rsa' : true;
  });
}
