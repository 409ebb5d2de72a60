import { type Accounts, groupName, userName } from '../host/accounts.ts';
import { type Host, HostError } from '../host/host.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { ConfigFileFact } from '../model/facts.ts';
import type { ConfigSource } from './config-source.ts';
import { readability } from './service-files.ts';
import type { Survey } from './survey.ts';

/** The configuration file as an object of the file system, and whether the service can read it. */
export async function gatherConfigFile(
  host: Host,
  survey: Survey,
  { path, hostPath }: Pick<ConfigSource, 'path' | 'hostPath'>,
): Promise<Fact<ConfigFileFact>> {
  if (path === null || hostPath === null) return unknown('coturn runs without a configuration file');
  const readable = await readability(host, survey, path);
  try {
    return known({ ...(await attributes(host, path, hostPath, survey.accounts)), ...readable });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.code !== 'not-found') return unknown(error.message);
    return known({ path, owner: '', group: '', mode: 0, modifiedAt: '', ...readable, missing: true });
  }
}

/** The same of a file that was named, where no service is known that should read it. Owner and group are numbers. */
export async function gatherNamedFile(host: Host, path: string): Promise<Fact<ConfigFileFact>> {
  try {
    const found = await attributes(host, path, path, unknown('one of many files'));
    return known({ ...found, readableByService: null });
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return unknown(error.message);
  }
}

async function attributes(host: Host, path: string, hostPath: string, accounts: Fact<Accounts>) {
  const { uid, gid, mode, modifiedAtMs } = await host.status(hostPath);
  return {
    path,
    owner: userName(accounts, uid),
    group: groupName(accounts, gid),
    mode,
    modifiedAt: new Date(modifiedAtMs).toISOString(),
  };
}
