import type { Leg } from '../model/observations/turn-data-path.ts';
import type { Refused, TcpStream, TrialName } from '../model/observations/turn-trial.ts';
import { formatAddress } from '../model/transport.ts';
import { plural } from '../util/text.ts';
import { bad, good, note, replyWord, type TrialVerdict, type VerdictOf } from './trial-words.ts';

/** One packet in a hundred, as `listener/packet-loss` has it. */
const TOLERABLE_LOSS = 0.01;

/** What browsers send in one packet at most. */
const NEEDED_BYTES = 1200;

const FIRST_BEYOND_RFC_8656 = 0x5000;

type RelayTrial =
  | 'reflection'
  | 'relay-to-relay'
  | 'sizes'
  | 'relay-series'
  | 'throughput'
  | 'channel-range'
  | 'family-mismatch'
  | 'icmp'
  | 'tcp-connect'
  | 'tcp-passive'
  | 'permission-life'
  | 'channel-life'
  | 'soak';

const passed = ({ outcome }: Leg): boolean => outcome === 'passed';
/** What was not tried, for lack of time or of a leg before it, is no loss. */
const untried = (...legs: readonly Leg[]): boolean => legs.some(({ outcome }) => outcome === 'skipped');
const word = (leg: Leg): string => (leg.outcome === 'refused' ? String(leg.code) : leg.outcome);
const ms = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

/** What the trials with data and peers say. */
export const RELAY_VERDICTS: { readonly [T in RelayTrial & TrialName]: VerdictOf<T> } = {
  reflection: ({ peer, relayedAddress, permission, reply, mappedAddress }) => {
    const at = formatAddress(peer);
    if (!passed(permission))
      return note(`${at}: ${word(permission)}`, 'the relay may not send there: denied-peer-ip covers it');
    if (!passed(reply) || !mappedAddress)
      return note(`${at}: no answer`, 'no STUN server there, or not for the relay');
    const result = `seen as ${formatAddress(mappedAddress)}`;
    if (mappedAddress.ip !== relayedAddress.ip)
      return bad(result, `peers are told ${relayedAddress.ip}: external-ip is wrong`);
    return mappedAddress.port === relayedAddress.port
      ? good(result, 'the relayed address is what peers see')
      : note(result, `a NAT before the relay changes port ${relayedAddress.port}`);
  },
  'relay-to-relay': ({ permission, there, back }) => {
    if (!passed(permission))
      return bad(`permission ${word(permission)}`, 'two users of this relay cannot talk');
    if (untried(there, back)) return note('not walked', 'time ran out');
    return passed(there) && passed(back)
      ? good('both ways', 'two users of this relay can talk')
      : bad(
          `there ${word(there)}, back ${word(back)}`,
          'two users of this relay cannot talk: its NAT does not hairpin',
        );
  },
  sizes: ({ sizes }) => {
    if (sizes.some(({ outbound, inbound }) => untried(outbound, inbound)))
      return note('not all sent', 'time ran out');
    const first = sizes.find(({ outbound, inbound }) => !passed(outbound) || !passed(inbound));
    if (!first) return good(`${sizes.at(-1)?.sizeBytes ?? 0} bytes pass`, 'no MTU in the way');
    const ways = [...(passed(first.outbound) ? [] : ['to']), ...(passed(first.inbound) ? [] : ['from'])];
    const result = `${first.sizeBytes} bytes ${ways.join(' and ')} the peer lost`;
    return first.sizeBytes <= NEEDED_BYTES
      ? bad(result, 'calls connect and show no picture: the MTU on the way is too small')
      : note(result, 'more than browsers send at once');
  },
  'relay-series': ({ sent, reachedPeer, received, rttMs, duplicates, reordered, jitterMs }) => {
    const lost = sent - received;
    const where = lost > 0 ? ` (${sent - reachedPeer} to the peer, ${reachedPeer - received} back)` : '';
    const odd =
      (duplicates > 0 ? `, ${duplicates} twice` : '') + (reordered > 0 ? `, ${reordered} reordered` : '');
    const result = `${received} of ${sent} back, ${percent(lost, sent)} lost${where}${odd}`;
    if (!rttMs) return bad(result, 'nothing comes through');
    const times = `ms: median ${ms(rttMs.median)}, p95 ${ms(rttMs.p95)}, p99 ${ms(rttMs.p99)}, max ${ms(rttMs.max)}, jitter ${ms(jitterMs ?? 0)}`;
    return lost > sent * TOLERABLE_LOSS ? bad(result, times) : good(result, times);
  },
  throughput: ({ steps, sizeBytes, stoppedBy }) => {
    const whole = steps.filter(({ sent, received }) => sent - received <= sent * TOLERABLE_LOSS);
    const best = whole.at(-1);
    if (!best) return bad('loss at the first step', 'the relay loses packets at any rate');
    const rate = `${best.packetsPerSecond} packets/s, ${((best.packetsPerSecond * sizeBytes * 8) / 1e6).toFixed(0)} Mbit/s`;
    const why = {
      loss: 'more loses over 1 %: max-bps, bps-capacity, CPU or the line',
      time: 'not lost; time was up',
      bytes: 'not lost; the bytes allowed were used up',
      sender: 'not lost; this host cannot send faster',
    };
    return good(rate, why[stoppedBy]);
  },
  'channel-range': ({ channels }) => {
    const result = channels
      .map(({ channel, reply }) => `0x${channel.toString(16)} ${replyWord(reply)}`)
      .join(', ');
    const inside = channels.filter(({ channel }) => channel < FIRST_BEYOND_RFC_8656);
    if (inside.some(({ reply }) => reply !== 'granted'))
      return bad(result, 'channels that clients use are refused');
    const beyond = channels.filter(({ channel }) => channel >= FIRST_BEYOND_RFC_8656);
    return beyond.some(({ reply }) => reply === 'granted')
      ? note(result, 'takes the channels of RFC 5766 too, as coturn before 4.16')
      : good(result, 'the channels of RFC 8656 alone');
  },
  'family-mismatch': ({ reply }) =>
    reply === 443
      ? good('443', 'a peer of the other family is refused')
      : note(replyWord(reply), '443 was to be expected'),
  icmp: ({ received }) =>
    received
      ? good(`type ${received.type} code ${received.code}`, 'ICMP errors of peers are passed on')
      : note('nothing came', 'ICMP errors are not passed on; clients find out by time'),
  'tcp-connect': result => tcpVerdict(result, 'Connect'),
  'tcp-passive': result => tcpVerdict(result, 'ConnectionAttempt'),
  'permission-life': ({ lifeSeconds, checks }) => {
    const [before, after] = checks.map(({ arrived }) => arrived !== 'nothing');
    const result = checks
      .map(({ atSeconds, arrived }) => `${Math.round(atSeconds)} s: ${arrived}`)
      .join(', ');
    if (!before) return bad(result, `a permission ends before its ${lifeSeconds} s: audio stops`);
    return after
      ? bad(result, `a permission outlives its ${lifeSeconds} s: peers that left still get in`)
      : good(result, 'ends in time');
  },
  'channel-life': ({ lifeSeconds, checks, rebound }) => {
    const result = `${checks.map(({ atSeconds, arrived }) => `${Math.round(atSeconds)} s: ${arrived}`).join(', ')}; rebind ${replyWord(rebound)}`;
    const [before, after] = checks.map(({ arrived }) => arrived);
    if (before !== 'channel') return bad(result, `a channel ends before its ${lifeSeconds} s`);
    if (rebound === 'granted') return bad(result, 'a channel in use was given to another peer');
    return after === 'channel'
      ? note(result, `a channel outlives its ${lifeSeconds} s`)
      : good(result, 'ends in time');
  },
  soak: ({ seconds, sent, received, longestGapMs, staleNonces, failed }) => {
    const lost = sent - received;
    const result = `${seconds} s, ${percent(lost, sent)} lost, gap ${(longestGapMs / 1000).toFixed(1)} s, ${plural(staleNonces.length, 'stale nonce')}`;
    const [first] = failed;
    if (first) return bad(result, `${first.request} ${replyWord(first.reply)} after ${first.atSeconds} s`);
    return lost > sent * TOLERABLE_LOSS ? bad(result, 'packets are lost') : good(result, 'a long call holds');
  },
};

function tcpVerdict(result: TcpStream | Refused, opening: string): TrialVerdict {
  if ('refused' in result)
    return note(replyWord(result.refused), 'no TCP relay (RFC 6062); browsers never ask for one');
  const { open, bind, outbound, inbound } = result;
  if (untried(open) || (passed(open) && untried(bind)) || (passed(bind) && untried(outbound, inbound))) {
    return note('not walked', 'time ran out');
  }
  if (!passed(open)) {
    const code = open.outcome === 'refused' ? open.code : undefined;
    if (code === 403) return note(`${opening} 403`, 'our address is a peer that is denied');
    return bad(
      `${opening} ${word(open)}`,
      code === 447 ? 'the relay cannot reach the peer over TCP' : 'no connection to the peer',
    );
  }
  if (!passed(bind)) return bad(`ConnectionBind ${word(bind)}`, 'no data connection');
  return passed(outbound) && passed(inbound)
    ? good('stream both ways', 'TCP relays work (RFC 6062)')
    : bad(`to ${word(outbound)}, from ${word(inbound)}`, 'bytes are lost in the TCP relay');
}
