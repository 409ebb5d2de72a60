import type { Gap, ServiceAction, ServiceSection, ServiceState } from '../model/service-state.ts';
import { listed, plural } from '../util/text.ts';
import type { Style } from './style.ts';
import { labelled } from './text.ts';

const COLUMN = 13;

/** What is known of the service, one line for each thing, and what was done to it. */
export function renderService({ state, action }: ServiceSection, width: number, { chalk }: Style): string[] {
  const rows = [
    ...(state === null ? [] : rowsOf(state)),
    ...(action === undefined ? [] : actionRows(action)),
  ];
  return rows.flatMap(([label, text]) =>
    labelled(label, text, width, 0, COLUMN).map(
      line => chalk.dim(line.slice(0, COLUMN)) + line.slice(COLUMN),
    ),
  );
}

type Row = readonly [label: string, text: string];

function rowsOf(state: ServiceState): readonly Row[] {
  const { configuration, certificate, listeners, allocations, openFiles, lowPorts } = state;
  return [
    ['service', serviceText(state)],
    ['process', processText(state)],
    ['file', configuration.known ? fileText(configuration.value) : configuration.reason],
    ['unit', [state.unitFile ?? 'none', ...state.dropIns].join(', ')],
    ['listeners', listeners.known ? listenersText(listeners.value) : `unknown: ${listeners.reason}`],
    ['certificate', certificate.known ? certificateText(certificate.value) : certificate.reason],
    ['allocations', allocations.known ? String(allocations.value) : `unknown: ${allocations.reason}`],
    [
      'open files',
      openFiles.known
        ? `${openFiles.value.soft} at most (hard limit ${openFiles.value.hard})`
        : `unknown: ${openFiles.reason}`,
    ],
    ['low ports', lowPortsText(lowPorts)],
    ['private /tmp', state.privateTmp ? 'yes: what it writes to /tmp is seen by nobody else' : 'no'],
  ];
}

function serviceText({
  name,
  manager,
  active,
  sub,
  enabled,
  restarts,
  uptimeSeconds,
  compose,
}: ServiceState): string {
  const up = uptimeSeconds === null ? '' : `, up ${duration(uptimeSeconds)}`;
  const made =
    compose === undefined ? '' : `, service ${compose.service} of Compose project ${compose.project}`;
  return `${name} (${manager}): ${active} (${sub}), ${enabled}${up}, ${plural(restarts, 'restart')} by itself${made}`;
}

function processText({ pid, user, version }: ServiceState): string {
  const known = version.version === '' ? '' : `, coturn ${version.version} (${version.origin})`;
  return `${pid === null ? 'none' : `pid ${pid}`}, user ${user || 'unknown'}${known}`;
}

type Configured = Extract<ServiceState['configuration'], { known: true }>['value'];

function fileText({ path, foundBy, changedSinceStart }: Configured): string {
  const since = changedSinceStart === true ? ', CHANGED since the start: a restart reads it' : '';
  return `${path} (by ${foundBy})${since}`;
}

type Listeners = Extract<ServiceState['listeners'], { known: true }>['value'];

/** Loopback only where there is nothing else: it says nothing to anybody. */
function listenersText(all: Listeners): string {
  if (all.length === 0) return 'none';
  const outside = all.filter(({ ip }) => !ip.startsWith('127.') && ip !== '::1');
  const shown = outside.length > 0 ? outside : all;
  const groups = new Map<string, number[]>();
  for (const { protocol, ip, port } of shown) {
    const name = `${ip} ${protocol}`;
    groups.set(name, [...(groups.get(name) ?? []), port]);
  }
  const texts = [...groups].map(([name, ports]) => `${name} ${ports.sort((a, b) => a - b).join(' ')}`);
  const hidden = all.length - shown.length;
  return listed([...texts, ...(hidden > 0 ? [`${hidden} on loopback`] : [])]);
}

type Certificate = Extract<ServiceState['certificate'], { known: true }>['value'];

function certificateText({ path, notAfter, fingerprint256, served }: Certificate): string {
  const file = `${path} until ${notAfter.slice(0, 10)} (SHA-256 ${fingerprint256.slice(0, 11)})`;
  const others = served.filter(({ same }) => !same);
  if (served.length === 0) return `${file}; no handshake was completed`;
  if (others.length === 0) return `${file}, served at ${listed(served.map(({ address }) => address))}`;
  return `${file}; ANOTHER one is served at ${listed(others.map(({ address, notAfter: end }) => `${address} (until ${end.slice(0, 10)})`))}`;
}

function lowPortsText({ ports, allowed }: ServiceState['lowPorts']): string {
  const may = allowed ? 'may be bound' : 'may not be bound (no CAP_NET_BIND_SERVICE)';
  return ports.length === 0 ? `none used; they ${may}` : `${listed(ports.map(String))} used; they ${may}`;
}

function actionRows(action: ServiceAction): readonly Row[] {
  switch (action.kind) {
    case 'none':
      // The headline has said so.
      return [];
    case 'restart':
      return [
        ['restart', action.up ? 'answers again' : (action.problem ?? 'does not answer as before')],
        ['gap', gapText(action.gap)],
        ['lost', lostText(action.allocationsLost)],
      ];
    case 'reload':
      return [
        ['reload', reloadText(action)],
        [
          'not read',
          'turnserver.conf: SIGUSR2 is for certificate, key, CA-file and dh-file; lines take a restart',
        ],
      ];
    case 'drain':
      return [
        ['drain', drainText(action)],
        ...(action.gap === null ? [] : [['gap', gapText(action.gap)] as const]),
        ['lost', action.afterwards === 'nothing' ? 'none by turnctl' : lostText(action.allocationsLeft)],
      ];
  }
}

function gapText({ gapMs, request, everyMs, sent, unanswered }: Gap): string {
  if (gapMs === null) return 'not known: nothing answered before, or nothing does now';
  return `${gapMs} ms without an answer (${request} every ${everyMs} ms: ${unanswered} of ${sent} unanswered)`;
}

const lostText = (count: number | null): string =>
  count === null ? 'unknown: how many allocations there were could not be seen' : plural(count, 'allocation');

function reloadText({ loaded, sameBefore, waitedMs }: Extract<ServiceAction, { kind: 'reload' }>): string {
  if (!loaded) return `after ${duration(waitedMs / 1000)} still not the certificate of the file`;
  return sameBefore
    ? 'signal sent; the certificate of the file was served before already, so that there is nothing to see'
    : `the certificate of the file is served, ${waitedMs} ms after the signal`;
}

function drainText(action: Extract<ServiceAction, { kind: 'drain' }>): string {
  const { allocationsBefore, allocationsLeft, drainedMs, refusesNew, afterwards, up } = action;
  const gone = `${allocationsBefore - allocationsLeft} of ${plural(allocationsBefore, 'allocation')} ended by themselves in ${duration(drainedMs / 1000)}`;
  const refused = refusesNew === true ? '; new ones were refused (403)' : '';
  const after = {
    nothing: 'coturn ends by itself after the last one',
    stop: 'then stopped',
    restart: up ? 'then restarted, and answers again' : 'then restarted, and does not answer as before',
  }[afterwards];
  return `${gone}${refused}; ${after}`;
}

/** `3 d 4 h`, `12 min 5 s`, `0.4 s`: the two largest units. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
