import type { Host } from '../host/host.ts';
import { readDefaultInterfaces } from '../host/routes.ts';
import type { InterfaceAddress } from '../model/facts.ts';
import { gatherAddresses } from './addresses.ts';
import { type CertificateSearch, findCertificates, judgeCertificate } from './certificate-search.ts';
import { type Survey, serviceIdentity, surveyHost } from './survey.ts';

/** What a configuration for this host depends on, before there is one. */
export interface Site {
  /** Empty where they could not be read. */
  readonly addresses: readonly InterfaceAddress[];
  /** Interfaces that lead to the Internet. */
  readonly defaultInterfaces: readonly string[];
  readonly certificates: CertificateSearch;
  /** The user of the service, and the group that its configuration should belong to; null when not known. */
  readonly service: { readonly user: string; readonly gid: number; readonly group: string } | null;
}

interface SiteOptions {
  /** The operator's own pair; nothing else is looked for then. */
  readonly asked?: { readonly certificate: string; readonly key: string } | undefined;
  /** Where copies of certificates are, before certbot's own folder. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Looks around on the host; sends nothing. */
export async function gatherSite(host: Host, { asked, folder, now }: SiteOptions): Promise<Site> {
  const survey = await surveyHost(host);
  const [addresses, defaultInterfaces, certificates] = await Promise.all([
    gatherAddresses(host),
    readDefaultInterfaces(host),
    asked === undefined
      ? findCertificates(host, survey, { folder, now })
      : judgeAsked(host, survey, asked, now),
  ]);
  return {
    addresses: addresses.known ? addresses.value : [],
    defaultInterfaces,
    certificates,
    service: serviceAccount(survey),
  };
}

async function judgeAsked(
  host: Host,
  survey: Survey,
  pair: { readonly certificate: string; readonly key: string },
  now: number,
): Promise<CertificateSearch> {
  const judged = await judgeCertificate(host, survey, pair, now);
  if (judged === null)
    return { usable: [], unusable: [{ path: pair.certificate, why: 'it does not exist' }] };
  return 'names' in judged ? { usable: [judged], unusable: [] } : { usable: [], unusable: [judged] };
}

/** Debian's package makes the account before anything runs as it. */
const ACCOUNT = 'turnserver';

function serviceAccount(survey: Survey): Site['service'] {
  const { accounts } = survey;
  if (!accounts.known) return null;
  const identity = serviceIdentity(survey);
  const gid = identity.known ? identity.value.gids[0] : undefined;
  const group = accounts.value.groups.find(candidate =>
    gid === undefined ? candidate.name === ACCOUNT : candidate.gid === gid,
  );
  if (group === undefined) return null;
  return { user: identity.known ? identity.value.name : ACCOUNT, gid: group.gid, group: group.name };
}
