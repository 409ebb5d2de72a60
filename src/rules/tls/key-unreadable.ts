import { settingsOf } from '../../config/settings.ts';
import type { CertificateFile, ServiceFact } from '../../model/facts.ts';
import { defineRule } from '../../model/rule.ts';
import { atValue } from '../evidence.ts';
import { restartCommand } from '../service-commands.ts';

export default defineRule({
  id: 'tls/key-unreadable',
  meta: {
    title: 'coturn cannot read its certificate or key',
    effect: 'TURN over TLS does not work at all',
    why: "coturn warns once and opens neither TLS nor DTLS; everything else works, so that the port is refused and nothing says why. Let's Encrypt keeps its folders closed to everybody but root.",
    remedy: 'Give the user of the service a readable copy of both files, renewed by a deploy hook.',
    severity: 'error',
    references: ['coturn 4.5.1.1 to 4.18.0, "cannot find private key file"'],
  },
  needs: ['tlsFiles', 'config', 'version'],
  uses: ['service'],
  check: ({ tlsFiles, config, version, service }) => {
    const settings = settingsOf(config, version.version);
    if (settings.flag('no-tls')) return { skip: 'TLS is switched off' };
    const files = [
      { option: 'cert', what: 'certificate', file: tlsFiles.certificateFile },
      { option: 'pkey', what: 'private key', file: tlsFiles.keyFile },
    ];
    return files
      .filter(({ file }) => !file.exists || file.readableByService === false)
      .map(({ option, what, file }) => {
        const entry = settings.deciding(option);
        return {
          ...(entry ? atValue(entry) : { option }),
          message: `The ${what} ${file.path} ${obstacle(file, service)}, so coturn opens no TLS port`,
          evidence: `${file.blockedAt ?? file.path}: ${file.exists ? (file.blockedBecause ?? 'no read access') : 'no such file'}`,
          remedy: advice(file, service),
        };
      });
  },
});

const userOf = (service: ServiceFact | undefined): string => service?.user || 'turnserver';

function obstacle(
  { path, exists, blockedAt = path }: CertificateFile,
  service: ServiceFact | undefined,
): string {
  if (!exists) return 'does not exist';
  const by = blockedAt === path ? '' : `, whom ${blockedAt} keeps out`;
  return `cannot be read by user ${userOf(service)}${by}`;
}

function advice({ path, exists }: CertificateFile, service: ServiceFact | undefined): string {
  const group = service?.group || userOf(service);
  const restart = `${restartCommand(service)} (a signal opens no port)`;
  if (path.startsWith('/etc/letsencrypt/')) {
    return `In a script under /etc/letsencrypt/renewal-hooks/deploy, run install -m 0640 -g ${group} $RENEWED_LINEAGE/fullchain.pem $RENEWED_LINEAGE/privkey.pem /etc/coturn/, point cert and pkey there, then ${restart}.`;
  }
  if (!exists) return `Correct the path, then ${restart}.`;
  return `Run chgrp ${group} ${path} && chmod 0640 ${path}, and let that group into its folder; then ${restart}.`;
}
