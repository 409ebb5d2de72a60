/** As much of a name as coturn keeps, and nothing that its file or a URI would take for something else. */
export const isRealm = (text: string): boolean =>
  /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,125}[A-Za-z0-9])?$/.test(text);

interface Named {
  readonly names: readonly string[];
}

/** The certificate for the name, or the first where no name is asked for; null when none fits. */
export const chooseCertificate = <T extends Named>(
  usable: readonly T[],
  name: string | undefined,
): T | null =>
  (name === undefined ? usable[0] : usable.find(({ names }) => names.some(own => covers(own, name)))) ?? null;

/** `*.example.org` stands for one label (RFC 9525 §6.3). */
const covers = (pattern: string, name: string): boolean =>
  pattern.startsWith('*.')
    ? name.slice(name.indexOf('.') + 1).toLowerCase() === pattern.slice(2).toLowerCase()
    : pattern.toLowerCase() === name.toLowerCase();

/** The name clients will use: the certificate's, else the host's own where that is a full one; null to be asked for. */
export function chooseRealm(certificate: Named | null, hostName: string): string | null {
  const full = certificate?.names.find(name => isRealm(name) && /[a-z]/i.test(name) && name.includes('.'));
  return full ?? (isRealm(hostName) && hostName.includes('.') ? hostName : null);
}
