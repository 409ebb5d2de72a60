import { observed } from '../../model/observation.ts';
import { defineRule } from '../../model/rule.ts';
import { changedSince } from '../changed-since.ts';
import { reloadCertificateCommand, restartCommand } from '../service-commands.ts';
import { endpointOf } from '../wire-evidence.ts';

export default defineRule({
  id: 'tls/not-reloaded',
  meta: {
    title: 'The served certificate is not the one in the file',
    effect: 'Clients still see the old certificate',
    why: 'coturn reads certificate and key when it starts and on SIGUSR2. SIGHUP only reopens the log, so that a renewal which sends it changes nothing until the old certificate expires on the wire.',
    remedy: 'Send SIGUSR2 after every renewal, from a deploy hook.',
    severity: 'error',
    references: ['coturn 4.6.1 mainrelay.c, reload_ssl_certs', 'coturn issues 402, 1446'],
    explainedBy: ['service/second-instance'],
  },
  needs: ['tlsFiles', 'wire'],
  uses: ['service', 'processes', 'config'],
  check: ({ tlsFiles, wire, service, processes = [] }) => {
    const { certificate, certificateFile, keyFile } = tlsFiles;
    if (!certificate.known) return { skip: certificate.reason };
    const handshakes = observed(wire.observations, 'tls-handshake').filter(
      ({ outcome }) => outcome === 'handshake',
    );
    if (handshakes.length === 0) return { skip: 'no TLS handshake was completed' };

    const startedAt = service?.startedAt ?? processes[0]?.startedAt ?? null;
    const { path, modifiedAt } = certificateFile;
    const newer = startedAt !== null && modifiedAt !== null && changedSince(modifiedAt, startedAt);
    return handshakes.flatMap(observation => {
      if (observation.outcome !== 'handshake') return [];
      const served = observation.certificate;
      if (served.fingerprint256 === certificate.value.fingerprint256) return [];
      const evidence = `served: until ${served.notAfter}, SHA-256 ${start(served.fingerprint256)}; file: until ${certificate.value.notAfter}, SHA-256 ${start(certificate.value.fingerprint256)}`;
      // A reload happens as the unprivileged user, which may lack what root could read at the start.
      const readable = keyFile.readableByService !== false;
      return [
        {
          at: { file: path },
          message: newer
            ? `${endpointOf(observation)} serves an older certificate than ${path}, which changed on ${modifiedAt} while coturn runs since ${startedAt}`
            : `${endpointOf(observation)} serves another certificate than ${path}: something in front of coturn, or a server with other files, answers there`,
          evidence,
          ...(newer
            ? {
                remedy: `Run ${readable ? reloadCertificateCommand(service) : restartCommand(service)}, and do so from the deploy hook.`,
              }
            : { remedy: `See who owns the port with ss -lntp, and whether a proxy ends TLS on the way.` }),
        },
      ];
    });
  },
});

const start = (fingerprint: string): string => fingerprint.slice(0, 23);
