import type { VersionFact } from '../model/facts.ts';
import { labelled, wrap } from '../report/text.ts';
import { listed } from '../util/text.ts';
import { CERTIFICATE_FOLDER, type Deployment, PORTS } from './deployment.ts';

/** What was written, and what the operator must know about it. */
export interface Written {
  /** `-` for standard output. */
  readonly path: string;
  /** Permission bits; null where there is no file. */
  readonly mode: number | null;
  /** The group that may read it. */
  readonly group: string | null;
  readonly backup: string | null;
  readonly deployment: Deployment;
  readonly version: VersionFact;
  /** What is still to be done, a sentence each. */
  readonly toDo: readonly string[];
  /** The folder with the firewall, service and container files that go with it. */
  readonly templates: string;
}

export interface Circumstances {
  readonly file: string;
  readonly deployment: Deployment;
  readonly version: VersionFact;
  /** Certificates that are there, or asked for, and coturn or its clients would not take. */
  readonly unusable: readonly { readonly path: string; readonly why: string }[];
  /** Listening addresses that no interface has. */
  readonly strangers: readonly string[];
  /** The service's user, when the file is closed to it. */
  readonly shutOut: string | null;
}

/** What a file cannot do by itself, and what could not be found out. */
export function remainingWork(known: Circumstances): readonly string[] {
  const { file, deployment, version, unusable, strangers, shutOut } = known;
  const { mapping, tls, listeningIps } = deployment;
  const ports = [
    `${PORTS.listening}/udp`,
    `${PORTS.listening}/tcp`,
    ...(tls ? [`${PORTS.tls}/tcp`] : []),
    `${PORTS.relay.min}-${PORTS.relay.max}/udp`,
  ];
  const sentences: readonly (string | false)[] = [
    version.origin === 'newest-known' &&
      `No coturn was found here, so the file is for ${version.version}; --as-version names another.`,
    listeningIps.length === 0 &&
      'The addresses of this host are not known: coturn takes them all. --listening-ip names the ones meant.',
    strangers.length > 0 && `No interface of this host has ${listed(strangers)}.`,
    mapping?.publicIp === null &&
      `Fill in external-ip in ${file}: ${mapping.privateIp} is private, and nothing here tells the public address. --external-ip gives it, --stun asks a server for it.`,
    ...unusable.map(
      ({ path, why }) =>
        `The certificate ${path} ${tls?.certificate === path ? 'will not do' : 'was not used'}: ${why}.`,
    ),
    tls === null &&
      `TLS is off. With a certificate in ${CERTIFICATE_FOLDER} (certbot-hook.sh keeps one there), or with --tls-cert and --tls-key, it is on.`,
    shutOut !== null &&
      `Let coturn read the file: it runs as ${shutOut}, and ${file} is open to its owner alone.`,
    `Open ${listed(ports)} in the firewall.`,
    file !== '-' && `Give the application the static-auth-secret of ${file}.`,
    'Restart coturn, then run turnctl diagnose.',
  ];
  return sentences.filter(sentence => sentence !== false);
}

/** The document of `--json`; it never holds the secret. */
export const summaryDocument = ({
  path,
  mode,
  group,
  backup,
  deployment,
  version,
  toDo,
  templates,
}: Written) => ({
  path,
  mode: mode === null ? null : octal(mode),
  group,
  backup,
  coturn: version,
  realm: deployment.realm,
  listeningIps: deployment.listeningIps,
  mapping: deployment.mapping,
  tls: deployment.tls,
  ports: PORTS,
  toDo,
  templates,
});

/** The summary for people, `width` columns wide at most where a word allows it. */
export function summaryText(written: Written, width: number): string {
  const { path, mode, group, backup, deployment, version, toDo, templates } = written;
  const { listeningIps, mapping, tls, realm } = deployment;
  const access = mode === null ? '' : ` (mode ${octal(mode)}${group === null ? '' : `, group ${group}`})`;
  const addresses = listeningIps.length === 0 ? 'every address' : listeningIps.join(', ');
  const row = (label: string, text: string) => labelled(label, text, width);
  const lines = [
    `${path === '-' ? 'turnserver.conf' : path}${access} for coturn ${version.version}`,
    ...(backup === null ? [] : row('kept', backup)),
    ...row('realm', realm),
    ...row('at', `${addresses}, port ${PORTS.listening}${tls ? `, TLS ${PORTS.tls}` : ''}`),
    ...row('as', mapping === null ? 'the same address' : (mapping.publicIp ?? 'an address not known')),
    ...row('relay', `UDP ports ${PORTS.relay.min}-${PORTS.relay.max}`),
    ...row('TLS', tls === null ? 'off' : tls.certificate),
    '',
    'To do:',
    ...toDo.flatMap(sentence => point(sentence, width)),
    '',
    `Firewall, service, renewal and container files: ${templates}`,
  ];
  return `${lines.join('\n')}\n`;
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

const point = (sentence: string, width: number): readonly string[] =>
  wrap(sentence, width - 4).map((line, i) => `${i === 0 ? '  - ' : '    '}${line}`);
