import { accountExists } from '../host/accounts.ts';
import type { Host } from '../host/host.ts';
import { type Fact, known } from '../model/fact.ts';
import type { AccountsFact } from '../model/facts.ts';
import type { Survey } from './survey.ts';

/** Which of the accounts that the configuration names are not there; null for an option that is not set. */
export async function gatherAccounts(
  host: Host,
  { accounts }: Pick<Survey, 'accounts'>,
  wanted: { readonly procUser: string | null; readonly procGroup: string | null },
): Promise<Fact<AccountsFact>> {
  if (!accounts.known) return accounts;
  const { value } = accounts;
  const options = [
    { option: 'proc-user', kind: 'user', name: wanted.procUser },
    { option: 'proc-group', kind: 'group', name: wanted.procGroup },
  ] as const;
  const checked = await Promise.all(
    options.map(async ({ option, kind, name }) =>
      name === null || (await accountExists(host, value, kind, name)) ? [] : [{ option, name }],
    ),
  );
  return known({ missing: checked.flat() });
}
