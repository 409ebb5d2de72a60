import type {
  DoorState,
  DoorUse,
  FirewallSection,
  NeededDoor,
  SeenDoor,
  UnneededDoor,
} from '../model/firewall.ts';
import type { Step } from '../model/plan.ts';
import type { Rendering, Report } from '../model/report.ts';
import { formatPortRange } from '../util/port-range.ts';
import { listed, plural, printable } from '../util/text.ts';
import { renderHeadline } from './headline.ts';
import { headOf, renderSteps } from './steps.ts';
import { type Style, styleOf } from './style.ts';
import { joinBlocks, labelled, readableWidth, wrap } from './text.ts';

const USES: Readonly<Record<DoorUse, string>> = {
  udp: 'STUN and TURN over UDP',
  tcp: 'TURN over TCP',
  tls: 'TURN over TLS',
  dtls: 'TURN over DTLS',
  alternate: 'NAT discovery (RFC 5780)',
  auxiliary: 'aux-server',
  relay: 'relay, for peers',
  'tcp-relay': 'TCP relay, for peers',
};

const FAMILIES = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;

/** Ports that something needs and that are shut in some family, as `49152-65535/udp`. */
export const shutPorts = ({ needed }: FirewallSection): string[] =>
  needed
    .filter(({ states }) => states.some(({ state }) => state === 'shut' || state === 'partly'))
    .map(door => `${formatPortRange(door)}/${door.protocol}`);

/** The answer of `firewall show`: verdict, table, and what else is wrong with what comes in. */
export function renderFirewallShow(report: Report, section: FirewallSection, rendering: Rendering): string {
  const style = styleOf(rendering);
  const width = readableWidth(rendering);
  const shut = shutPorts(section);
  const others = report.checks.filter(({ id, outcome }) => outcome === 'failed' && !SHOWN_AS_TABLE.has(id));
  const blocks = [
    renderHeadline(report, width, style),
    renderFirewall(section, rendering),
    others.flatMap(({ severity, findings }) =>
      findings.flatMap(({ message, remedy }) =>
        labelled(style.mark(severity), printable(`${message}. ${remedy ?? ''}`), width, 0, 2),
      ),
    ),
    renderCloud(section, rendering),
    shut.length > 0 ? [style.chalk.dim('More: turnctl firewall plan shows what would open it')] : [],
  ];
  return joinBlocks(blocks);
}

const SHOWN_AS_TABLE: ReadonlySet<string> = new Set([
  'firewall/listening-port-closed',
  'firewall/relay-range-closed',
]);

/** The answer of `firewall plan`. */
export function renderFirewallPlan(
  section: FirewallSection,
  { steps, stuck, notes }: PlannedOpenings,
  rendering: Rendering,
): string {
  const style = styleOf(rendering);
  const width = readableWidth(rendering);
  const headline =
    steps.length === 0
      ? stuck.length === 0
        ? 'Nothing to do: the firewall lets in all that coturn needs.'
        : 'Nothing that turnctl could do.'
      : `${plural(steps.length, 'step')}. They let in what coturn needs, shut nothing, and end no connection.`;
  return joinBlocks([
    wrap(headline, width).map(line => style.chalk.bold(line)),
    renderSteps(steps, rendering),
    [
      ...stuck.flatMap(({ door, by }) =>
        labelled(
          style.sign.failed,
          `${formatPortRange(door)}/${door.protocol} stays shut, no rule of turnctl's would help: ${printable(by)}`,
          width,
          0,
          2,
        ),
      ),
      ...notes.flatMap(note => labelled(style.sign.info, note, width, 0, 2)),
    ],
    renderCloud(section, rendering),
  ]);
}

/** What `fixes/open-ports.ts` plans, as far as it is printed. */
interface PlannedOpenings {
  readonly steps: readonly Step[];
  readonly stuck: readonly { readonly door: NeededDoor; readonly by: string }[];
  readonly notes: readonly string[];
}

/** The answer of `firewall apply`. */
export function renderFirewallOutcome(
  steps: readonly Step[],
  outcome: AppliedOutcome,
  rendering: Rendering,
): string {
  const style = styleOf(rendering);
  const width = readableWidth(rendering);
  const { chalk, sign } = style;
  const done = steps.map(step => `  ${printable(headOf(step))}`);
  const say = (text: string) => wrap(printable(text), width).map(line => chalk.bold(line));
  switch (outcome.state) {
    case 'undone':
      return joinBlocks([say(`Put back, the firewall is as before: ${outcome.reason}.`)]);
    case 'half-undone':
      return joinBlocks([
        say(`Worse than before (${outcome.reason}), and not everything could be put back:`),
        (outcome.failures ?? []).flatMap(line => labelled(sign.failed, printable(line), width, 0, 2)),
        wrap(`turnctl rollback ${outcome.id} tries again.`, width),
      ]);
    default:
      return joinBlocks([
        say('Done: the firewall of this host lets in all that these rules are for.'),
        done,
        wrap(`turnctl rollback ${outcome.id} takes it back.`, width).map(line => chalk.dim(line)),
      ]);
  }
}

/** How `fixes/transaction.ts` ended, as far as it is printed. */
interface AppliedOutcome {
  readonly state: string;
  readonly id: string;
  readonly reason?: string;
  readonly failures?: readonly string[];
}

/** What is needed, what becomes of it in each family, and which rule decides. */
function renderFirewall(
  { manager, zone, side, needed, unneeded, notes }: FirewallSection,
  rendering: Rendering,
): string[] {
  const style = styleOf(rendering);
  const width = readableWidth(rendering);
  return [
    ...wrap(
      `Rules of ${MANAGERS[manager]}${zone === null ? '' : `, zone ${zone}`}${side === 'container' ? ', for containers' : ''}.`,
      width,
    ),
    '',
    ...table(needed, style),
    ...section(whyShut(needed), style.sign.failed, width),
    ...section(unneeded.map(whyUnneeded), style.sign.warning, width),
    ...section(notes, style.sign.info, width),
  ];
}

const MANAGERS: Readonly<Record<FirewallSection['manager'], string>> = {
  ufw: 'ufw',
  firewalld: 'firewalld',
  nftables: 'nftables',
  iptables: 'iptables',
  none: 'no tool: nothing decides about what comes in',
};

function table(needed: readonly SeenDoor[], { chalk }: Style): string[] {
  const width = Math.max(...needed.map(({ use }) => USES[use].length), 0) + 2;
  const head = `${'needed for'.padEnd(width)}${'ports'.padEnd(17)}${'IPv4'.padEnd(8)}IPv6`;
  const cell = (door: SeenDoor, family: DoorState['family']) => {
    const state = door.states.find(it => it.family === family)?.state ?? '-';
    const text = state.padEnd(family === 'ipv4' ? 8 : 0);
    if (state === 'open') return chalk.green(text);
    return state === '-'
      ? chalk.dim(text)
      : state === 'shut' || state === 'partly'
        ? chalk.red(text)
        : chalk.yellow(text);
  };
  return [
    chalk.dim(head),
    ...needed.map(
      door =>
        `${USES[door.use].padEnd(width)}${`${formatPortRange(door)}/${door.protocol}`.padEnd(17)}${cell(door, 'ipv4')}${cell(door, 'ipv6')}`,
    ),
  ];
}

/** One line for each rule that keeps something out, with all that it does in the same families. */
function whyShut(needed: readonly SeenDoor[]): string[] {
  const families = new Map<string, { rule: string; ports: string; names: string[] }>();
  for (const door of needed) {
    for (const { state, family, shut, by } of door.states) {
      if (state === 'open') continue;
      const rule = `${WORDS[state]} ${by.map(printable).join('; ')}`;
      for (const range of shut.length === 0 ? [door] : shut) {
        const ports = `${formatPortRange(range)}/${door.protocol}`;
        const known = families.get(`${ports} ${rule}`);
        if (known) known.names.push(FAMILIES[family]);
        else families.set(`${ports} ${rule}`, { rule, ports, names: [FAMILIES[family]] });
      }
    }
  }
  const lines = new Map<string, string[]>();
  for (const { rule, ports, names } of families.values()) {
    const key = `${listed(names)} ${rule}`;
    lines.set(key, [...(lines.get(key) ?? []), ports]);
  }
  return [...lines].map(([rule, ports]) => `${listed(ports)}: ${rule}`);
}

const WORDS: Readonly<Record<Exclude<DoorState['state'], 'open'>, string>> = {
  shut: 'shut by',
  partly: 'shut by',
  some: 'open to some senders only, and left so, by',
  unclear: 'cannot be told, because of',
};

const whyUnneeded = ({ protocol, families, by, why, ...ports }: UnneededDoor): string =>
  `${formatPortRange(ports)}/${protocol} is open for ${listed(families.map(it => FAMILIES[it]))} and not needed (${why}): ${printable(by)}`;

const section = (lines: readonly string[], sign: string, width: number): string[] =>
  lines.length === 0 ? [] : ['', ...lines.flatMap(line => labelled(sign, line, width, 0, 2))];

/** Commands for the cloud's own firewall, which only the operator can run. */
function renderCloud({ cloud }: FirewallSection, rendering: Rendering): string[] {
  if (cloud === null || cloud.commands.length === 0) return [];
  const { chalk } = styleOf(rendering);
  const width = readableWidth(rendering);
  return [
    ...wrap(
      `The firewall of the cloud (${cloud.name}) stands in front of this host, and nothing here shows it. turnctl does not run these; fill in the names in capitals:`,
      width,
    ),
    ...cloud.commands.map(command => `  ${chalk.bold(command)}`),
  ];
}
