import { checkAccess } from '../host/access.ts';
import type { Host } from '../host/host.ts';
import type { Readability } from '../model/readability.ts';
import { type Survey, serviceIdentity, serviceView } from './survey.ts';

/** Judges a path as the service names it; in a container that is not the path on this host. */
export async function readability(host: Host, survey: Survey, path: string): Promise<Readability> {
  const identity = serviceIdentity(survey);
  if (!identity.known) return { readableByService: null };
  const access = await checkAccess(host, identity.value, path, 'read', serviceView(survey));
  if (access.allowed === false) {
    return { readableByService: false, blockedAt: access.blockedAt, blockedBecause: access.why };
  }
  return { readableByService: access.allowed };
}
