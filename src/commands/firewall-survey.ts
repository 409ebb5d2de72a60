import { gatherHostFacts } from '../facts/host-facts.ts';
import { unknownFacts } from '../facts/unknown-facts.ts';
import { cloudCommands } from '../fixes/cloud-commands.ts';
import { seeDoors, unneededDoors } from '../fixes/door-states.ts';
import { type Cloud, readCloud } from '../host/cloud.ts';
import { containerSide } from '../host/firewall/docker-user.ts';
import { type FirewallState, readFirewallState } from '../host/firewall/state.ts';
import { HostError } from '../host/host.ts';
import type { Fact } from '../model/fact.ts';
import type { Facts } from '../model/facts.ts';
import type { FirewallSection, NeededDoor } from '../model/firewall.ts';
import { neededDoors } from '../rules/needed-doors.ts';
import { hasOwnNetwork } from '../rules/relay-addresses.ts';
import type { Io } from './io.ts';
import { askedVersion } from './version-choice.ts';

export interface FirewallOptions {
  readonly config?: string;
  readonly asVersion?: string | undefined;
  readonly cloud?: Cloud;
  /** The relay range for TCP as well (RFC 6062). */
  readonly tcpRelay?: boolean;
}

export interface FirewallSurvey {
  readonly facts: Facts;
  readonly needed: readonly NeededDoor[];
  readonly state: FirewallState;
  readonly section: FirewallSection;
}

/**
 * Reads configuration and rules, and compares them. @throws {HostError} where there is no configuration, or not every
 * rule can be read
 */
export async function surveyFirewall(options: FirewallOptions, io: Io): Promise<FirewallSurvey> {
  const { config, asVersion, cloud, tcpRelay = false } = options;
  io.progress.update('reading this host');
  const [gathered, state, readBy] = await Promise.all([
    gatherHostFacts({
      host: io.host,
      configPath: config,
      version: asVersion === undefined ? undefined : askedVersion(asVersion),
    }),
    readFirewallState(io.host),
    cloud ?? readCloud(io.host),
  ]);
  const { facts, settings } = gathered;
  if (settings === null) {
    const reason = facts.config.known ? '' : facts.config.reason;
    throw new HostError('not-found', `no configuration to work out ports from: ${reason}`, {
      hint: '--config FILE names one.',
    });
  }
  const now = new Date(io.clock.now()).toISOString();
  const all: Facts = { ...unknownFacts(now, 'turnctl firewall does not look at it'), ...facts };
  const needed = neededDoors(settings, {
    addresses: ifKnown(facts.addresses),
    sockets: ifKnown(facts.sockets),
    tcpRelay,
  });
  const own = hasOwnNetwork(ifKnown(facts.service), ifKnown(facts.containers));
  const known = knownOrThrow(state);
  const seen = own ? containerSide(known) : known;
  return {
    facts: all,
    needed,
    state: seen,
    section: {
      manager: known.manager,
      side: own ? 'container' : 'host',
      zone: known.firewalld?.zone ?? null,
      needed: seeDoors(needed, seen),
      unneeded: own ? [] : unneededDoors(needed, seen),
      cloud: readBy === null ? null : { name: readBy, commands: cloudCommands(readBy, needed) },
      notes: notesOf(known, own),
    },
  };
}

function knownOrThrow(state: Fact<FirewallState>): FirewallState {
  if (state.known) return state.value;
  throw new HostError('permission-denied', `the firewall's rules could not be read: ${state.reason}`, {
    hint: 'Run turnctl as root.',
  });
}

const ifKnown = <T>(fact: Fact<T>): T | undefined => (fact.known ? fact.value : undefined);

function notesOf({ manager, ufw }: FirewallState, isContainer: boolean): string[] {
  return [
    ...(manager === 'none' && ufw && !ufw.enabled
      ? ['ufw is installed and switched off: it lets everything in.']
      : []),
    ...(isContainer
      ? ['coturn runs in a container: Docker lets in what is published, after the rules in DOCKER-USER.']
      : []),
  ];
}
