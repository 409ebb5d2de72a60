import { parseIp } from '../util/ip.ts';
import { rangesContain } from '../util/ip-range.ts';
import { listenerPlan } from './effective.ts';
import { always, relayingTo, unevenRange, webAdmin, withFlag, withOption } from './exposure.ts';
import { reachablePeers } from './peer-policy.ts';
import type { ReleaseFault } from './release-faults.ts';

const WEB_ADMIN_OFF = 'delete web-admin';
const MOBILITY_OFF = 'delete mobility';
const MAPPED_DENIED = 'add denied-peer-ip=::ffff:0.0.0.0-::ffff:255.255.255.255';

/** Published advisories, oldest fix first. Ranges where code or wire showed another than the advisory are what was seen. */
export const ADVISORIES: readonly ReleaseFault[] = [
  {
    id: 'CVE-2020-6061',
    alias: 'CVE-2020-6062',
    fixed: '4.5.1.2',
    what: 'a POST request makes the web interface read beyond its buffer, or crash',
    mitigation: WEB_ADMIN_OFF,
    severity: 'warning',
    exposure: withFlag('web-admin'),
  },
  {
    id: 'CVE-2020-4067',
    fixed: '4.5.1.3',
    what: "answers are padded with bytes of other clients' messages",
    mitigation: null,
    severity: 'info',
    exposure: always('every answer is built so'),
  },
  {
    id: 'CVE-2020-26262',
    alias: 'GHSA-6g6j-r9rf-cm7p',
    fixed: '4.5.2',
    what: 'clients reach loopback services of the server through peer 0.0.0.0',
    mitigation:
      'add denied-peer-ip=0.0.0.0-0.255.255.255 and denied-peer-ip=::1 (denied-peer-ip=:: would deny every peer)',
    severity: 'warning',
    exposure: settings =>
      rangesContain(reachablePeers(settings), parseIp('0.0.0.0')!)
        ? { because: '0.0.0.0 is in no denied range' }
        : null,
  },
  {
    id: 'CVE-2025-69217',
    since: '4.6.3',
    fixed: '4.8.0',
    what: 'nonces and relay ports can be foretold',
    mitigation: null,
    severity: 'info',
    exposure: always('no option changes how they are drawn'),
  },
  {
    id: 'coturn#1802',
    since: '4.6.3',
    fixed: '4.9.0',
    what: 'the web interface accepts every wrong password, and refuses the right one',
    mitigation: WEB_ADMIN_OFF,
    severity: 'error',
    exposure: webAdmin,
  },
  {
    id: 'CVE-2026-27624',
    alias: 'GHSA-j8mm-mpf8-gvjg',
    fixed: '4.9.0',
    what: 'an IPv4 peer in IPv6 form passes loopback and denied ranges',
    mitigation: MAPPED_DENIED,
    severity: 'warning',
    exposure: relayingTo('::ffff:127.0.0.0/104'),
  },
  {
    id: 'CVE-2026-40613',
    fixed: '4.10.0',
    what: 'one packet ends coturn on processors that refuse unaligned reads (strict ARM64)',
    mitigation: null,
    severity: 'info',
    // Which processor it is no configuration tells.
    exposure: () => null,
  },
  {
    id: 'CVE-2026-43994',
    alias: 'GHSA-74pg-rfh2-5qw5',
    fixed: '4.10.0',
    what: 'an OAuth token overflows the stack',
    mitigation: 'delete oauth',
    severity: 'warning',
    exposure: withFlag('oauth'),
  },
  {
    id: 'GHSA-v8hj-2xx7-xmp5',
    fixed: '4.12.0',
    what: 'the web interface passes input into SQL statements of the user database',
    mitigation: WEB_ADMIN_OFF,
    severity: 'warning',
    exposure: withFlag('web-admin'),
  },
  {
    id: 'CVE-2026-53450',
    since: '4.9.0',
    fixed: '4.13.0',
    what: 'clients reach loopback services of the server through peer ::ffff:127.0.0.1',
    mitigation: MAPPED_DENIED,
    severity: 'warning',
    exposure: relayingTo('::ffff:127.0.0.1/128'),
  },
  {
    id: 'GHSA-4g7c-p5wg-j4hp',
    fixed: '4.13.0',
    what: 'user name and realm of a request are used as a format string for Redis',
    mitigation: 'delete redis-statsdb',
    severity: 'warning',
    exposure: withOption('redis-statsdb'),
  },
  {
    id: 'CVE-2026-73212',
    alias: 'GHSA-2x4g-wx24-48m4',
    fixed: '4.13.1',
    what: 'IPv4 in other IPv6 forms, and unique local addresses, pass the peer rules',
    mitigation:
      'set no-tcp-relay, and deny 64:ff9b::-64:ff9b::ffff:ffff and fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    severity: 'info',
    exposure: (settings, surroundings) =>
      settings.flag('no-tcp-relay') ? null : relayingTo('64:ff9b::/96', 'fc00::/7')(settings, surroundings),
  },
  {
    id: 'CVE-2026-62959',
    alias: 'GHSA-m23x-5qf5-988g',
    since: '4.5.2',
    fixed: '4.15.0',
    what: 'anyone who asks for an ACME challenge gets bytes of the memory of coturn',
    mitigation: 'delete acme-redirect',
    severity: 'warning',
    exposure: withOption('acme-redirect'),
  },
  {
    id: 'CVE-2026-68552',
    fixed: '4.15.0',
    what: 'a STUN length that wraps puts a TCP connection out of step',
    mitigation: null,
    severity: 'info',
    exposure: settings => {
      const { tcp, tls } = listenerPlan(settings);
      return tcp.on || tls.on ? { because: 'clients may use TCP' } : null;
    },
  },
  {
    id: 'coturn#1969',
    fixed: '4.15.0',
    what: 'a mobility ticket is not bound to its owner, so that a session can be taken over',
    mitigation: MOBILITY_OFF,
    severity: 'warning',
    exposure: withFlag('mobility'),
  },
  {
    id: 'CVE-2026-68555',
    since: '4.15.0',
    fixed: '4.16.0',
    what: 'pending mobility hand-overs fill the memory',
    mitigation: MOBILITY_OFF,
    severity: 'warning',
    exposure: withFlag('mobility'),
  },
  {
    id: 'CVE-2026-73213',
    fixed: '4.16.0',
    what: 'an IPv6 range is compared byte by byte, and part of it is left out',
    mitigation: 'write the range as blocks that start and end at a prefix',
    severity: 'warning',
    exposure: unevenRange,
  },
  {
    id: 'CVE-2026-73214',
    alias: 'GHSA-5x2p-4vqj-f6m4',
    fixed: '4.17.0',
    what: 'half-open DTLS handshakes from forged addresses fill the memory',
    mitigation: 'set no-dtls: browsers do not use DTLS to a TURN server',
    severity: 'info',
    exposure: settings => (listenerPlan(settings).dtls.on ? { because: 'DTLS is on' } : null),
  },
  {
    id: 'CVE-2026-73215',
    fixed: '4.17.0',
    what: 'EVEN-PORT requests use up relay ports',
    mitigation: null,
    severity: 'info',
    exposure: always('every client with credentials can send them'),
  },
  {
    id: 'CVE-2026-73216',
    fixed: '4.17.0',
    what: 'a mobility hand-over gives its quota back while the allocation lives',
    mitigation: MOBILITY_OFF,
    severity: 'warning',
    exposure: settings =>
      settings.number('user-quota') > 0 || settings.number('total-quota') > 0
        ? withFlag('mobility')(settings, { relaysIpv6: null })
        : null,
  },
];

/** Faults that nobody filed as a vulnerability. */
export const DEFECTS: readonly ReleaseFault[] = [
  {
    id: 'answers-ttl-1',
    since: '4.17.0',
    fixed: '4.17.2',
    what: 'UDP answers leave with IP TTL 1 once a session exists and die at the first router',
    mitigation: null,
    severity: 'error',
    exposure: settings => (listenerPlan(settings).udp.on ? { because: 'clients use UDP' } : null),
  },
  {
    id: 'stack-in-error-answers',
    since: '4.10.0',
    fixed: '4.11.0',
    what: 'every error answer carries bytes of the stack, to strangers too',
    mitigation: 'add include-reason-string',
    severity: 'warning',
    exposure: settings =>
      settings.flag('include-reason-string') ? null : { because: 'include-reason-string is not set' },
  },
  {
    id: 'relay-threads-ignored',
    since: '4.8.0',
    fixed: '4.14.0',
    what: 'relay-threads is ignored: there are as many relay threads as processors',
    mitigation: 'set cpus instead',
    severity: 'warning',
    exposure: withOption('relay-threads'),
  },
];
