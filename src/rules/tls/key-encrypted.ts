import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { restartCommand } from '../service-commands.ts';

export default defineRule({
  id: 'tls/key-encrypted',
  meta: {
    title: 'The private key is encrypted and coturn has no password for it',
    effect: 'TURN over TLS does not work at all',
    why: 'coturn cannot decrypt the key, logs "invalid private key password", opens the port all the same, and every handshake ends with alert 40.',
    remedy: 'Give the password with pkey-pwd, or use an unencrypted key that only the service can read.',
    severity: 'error',
    references: ['coturn 4.6.1 and 4.18.0, "invalid private key password provided"'],
  },
  needs: ['tlsFiles', 'config', 'version'],
  uses: ['service'],
  check: ({ tlsFiles, config, version, service }) => {
    const settings = settingsOf(config, version.version);
    if (settings.flag('no-tls')) return { skip: 'TLS is switched off' };
    const { key, keyFile } = tlsFiles;
    if (!key.known) return { skip: key.reason };
    if (!key.value.encrypted || settings.text('pkey-pwd') !== '') return [];
    const entry = settings.deciding('pkey');
    return [
      {
        ...(entry ? atValue(entry) : { option: 'pkey' }),
        message: `${keyFile.path} is encrypted, and pkey-pwd is not set`,
        evidence: `${keyFile.path} begins as an encrypted private key`,
        remedy: `Add pkey-pwd, or write a plain key with openssl pkey -in ${keyFile.path} -out NEW, readable by ${service?.group || 'turnserver'} only; then ${restartCommand(service)}.`,
      },
    ];
  },
});
