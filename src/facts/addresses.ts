import { readAddresses } from '../host/addresses.ts';
import type { Host } from '../host/host.ts';
import type { Fact } from '../model/fact.ts';
import type { InterfaceAddress } from '../model/facts.ts';

/** Addresses of the host's interfaces. */
export const gatherAddresses = (host: Host): Promise<Fact<readonly InterfaceAddress[]>> =>
  readAddresses(host);
