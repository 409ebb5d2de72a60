import type { CertificateFile, TlsFilesFact } from '../../model/facts.ts';
import { startCommand } from '../../rules/service-commands.ts';
import { reload } from '../../service/reload.ts';
import type { Io } from '../io.ts';
import { look, operatingOn, type ServiceOptions, tell } from './look.ts';
import { notDone } from './restart.ts';

/** Lets coturn read its certificate again, and compares what is served with the file. @throws {UsageError} {HostError} */
export async function serviceReload(options: ServiceOptions, io: Io): Promise<number> {
  const looked = await look(options, io);
  if (io.signal.aborted) return 130;
  const operating = operatingOn(looked, options, io);
  const { service, control, targets } = operating;
  const { tlsFiles } = looked.gathered.facts;
  const argv = control.signal(service, 'USR2');
  const objection =
    service.mainPid === null
      ? `${service.name} does not run: ${startCommand(service)} starts it`
      : argv === null
        ? 'the process of the service is not known, so that it cannot be told'
        : !tlsFiles.known
          ? `there is no certificate to reload: ${tlsFiles.reason}`
          : targets.every(({ transport }) => transport !== 'tls')
            ? 'there is no TLS listener on which the certificate could be seen'
            : objectionTo(tlsFiles.value);
  if (objection !== undefined || argv === null || !tlsFiles.known) {
    return tell(looked, notDone(objection ?? ''), options, io);
  }
  const { action, problem } = await reload(operating, argv, tlsFiles.value);
  if (io.signal.aborted) return 130;
  const after = await look(options, io, looked.startedMs);
  const failed =
    problem ?? (action.loaded ? undefined : 'The certificate of the file is not the one that is served');
  const allWell = `${service.name} serves the certificate of ${tlsFiles.value.certificateFile.path}`;
  return tell(after, { action, allWell, ...(failed === undefined ? {} : { failed }) }, options, io);
}

/** Why coturn would keep the certificate it has: it reads the files as its own user, root or not. */
function objectionTo({ certificateFile, keyFile, certificate, key }: TlsFilesFact): string | undefined {
  const shut = [certificateFile, keyFile].find(file => !file.exists || file.readableByService === false);
  if (shut !== undefined) return `coturn would keep the certificate it has: ${whyShut(shut)}`;
  if (!certificate.known) return `coturn would keep the certificate it has: ${certificate.reason}`;
  if (!key.known) return `coturn would keep the certificate it has: ${key.reason}`;
  return key.value.matchesCertificate === false
    ? `coturn would keep the certificate it has: ${keyFile.path} is the key of another one than ${certificateFile.path}`
    : undefined;
}

const whyShut = (file: CertificateFile): string =>
  file.exists && file.readableByService === false
    ? `its user cannot read ${file.path} (${file.blockedAt}: ${file.blockedBecause})`
    : `there is no ${file.path}`;
