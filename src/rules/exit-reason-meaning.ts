import type { ServiceFact, SocketFact } from '../model/facts.ts';
import type { RuleId } from '../model/finding.ts';
import { formatAddress } from '../model/transport.ts';
import type { ExitReason } from './exit-reason.ts';
import { grantLowPorts, journalCommand, restartCommand } from './service-commands.ts';

/** What one reason means on this host. */
export interface Meaning {
  /** Second half of a sentence that begins with the service: `coturn refuses its configuration with "…"`. */
  readonly because: string;
  readonly remedy: string;
  /** Rules that name the cause more precisely when they failed too. */
  readonly causes: readonly RuleId[];
}

const SETTINGS_RULES: readonly RuleId[] = [
  'config/unreadable',
  'config/exclusive-options',
  'config/boolean-value',
  'config/inline-comment',
  'capacity/bps-capacity-without-max-bps',
  'peers/range-invalid',
  'relay/port-range-invalid',
];

/** Says a reason in the words of this host: its user, its service manager, the owner of the port. */
export function meaningOf(reason: ExitReason, service: ServiceFact, sockets: readonly SocketFact[]): Meaning {
  const { user, name } = service;
  const restart = restartCommand(service);
  switch (reason.kind) {
    case 'bind':
      return bindMeaning(reason, service, sockets);
    case 'unit-account':
      return {
        because: `the ${reason.account} ${service[reason.account]} of its unit does not exist`,
        remedy: `Create it (adduser --system --group ${user}), or correct User= and Group= with systemctl edit ${name}, then ${restart}.`,
        causes: ['service/unknown-user'],
      };
    case 'account':
      return {
        because: `coturn stops with "${reason.text}"`,
        remedy: `Correct proc-user and proc-group, then ${restart}.`,
        causes: ['service/unknown-user'],
      };
    case 'settings':
      return {
        because: `coturn refuses its configuration with "${reason.text}"`,
        remedy: `Correct the option that the message names, then ${restart}.`,
        causes: SETTINGS_RULES,
      };
    case 'argument':
      return {
        because: `coturn refuses its command line with "${reason.text}"`,
        remedy: `Take the option out of the start command (${service.fragments.at(-1) ?? name}), then ${restart}.`,
        causes: [],
      };
    case 'signal':
      return {
        because: `coturn crashed with signal ${reason.signal}`,
        remedy: `Compare min-port and max-port first (an inverted range crashes coturn), then look for a newer coturn, and ${restart}.`,
        causes: ['relay/port-range-inverted', 'relay/port-range-invalid'],
      };
    case 'memory':
      return {
        because: 'the kernel ended it for want of memory',
        remedy: `Give the host, or MemoryMax= of the unit, more memory, or lower total-quota, then ${restart}.`,
        causes: [],
      };
    case 'timeout':
      return {
        because: 'systemd did not hear in time that it was ready',
        remedy: `Make Type= and the start command agree: notify or simple without --daemon and -o, forking with one of them. Then ${restart}.`,
        causes: [],
      };
    case 'program':
      return {
        because: `its program cannot be started (${reason.text})`,
        remedy: `Install coturn, or correct ExecStart with systemctl edit --full ${name}, then ${restart}.`,
        causes: [],
      };
    case 'permission':
      return {
        because: `user ${user} is denied a permission`,
        remedy: `Give user ${user} access to what the journal names, then ${restart}. If the modes are right, look for an AppArmor or SELinux denial in dmesg.`,
        causes: [],
      };
  }
}

type BindReason = Extract<ExitReason, { kind: 'bind' }>;

function bindMeaning(reason: BindReason, service: ServiceFact, sockets: readonly SocketFact[]): Meaning {
  const { address, errno } = reason;
  const where = address ? formatAddress(address) : 'its port';
  const restart = restartCommand(service);
  if (errno === 13) {
    return {
      because: `user ${service.user} may not bind ${where} (errno 13, Permission denied)`,
      remedy: `To let coturn use ports below 1024, ${grantLowPorts(service)}.`,
      causes: ['listener/privileged-port'],
    };
  }
  if (errno === 98) {
    const owner = ownerOf(reason, service, sockets);
    return {
      because: `${owner ?? 'another program'} holds ${where} (errno 98, Address already in use)`,
      remedy: `Stop ${owner ?? 'the other program (ss -lntup names it)'}, or give coturn another port, then ${restart}.`,
      causes: ['service/second-instance'],
    };
  }
  if (errno === 99) {
    return {
      because: `${address?.ip ?? 'its listening address'} is no address of this host (errno 99 binding ${where})`,
      remedy: `Set listening-ip to an address of this host, or remove it to listen on all of them, then ${restart}.`,
      causes: ['listener/address-not-local'],
    };
  }
  return {
    because: `it cannot bind ${where} (errno ${errno})`,
    remedy: `Read ${journalCommand(service)}.`,
    causes: [],
  };
}

/** `nginx (pid 812)`, when a socket of another process stands in the way. */
function ownerOf(
  { address }: BindReason,
  service: ServiceFact,
  sockets: readonly SocketFact[],
): string | undefined {
  const owner = sockets.find(
    ({ ip, port, pid }) =>
      port === address?.port && [address.ip, '0.0.0.0', '::', '*'].includes(ip) && pid !== service.mainPid,
  );
  if (!owner?.program) return undefined;
  return owner.pid === null ? owner.program : `${owner.program} (pid ${owner.pid})`;
}
