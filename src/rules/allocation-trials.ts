import type { Reply, TrialName } from '../model/observations/turn-trial.ts';
import type { TransportAddress } from '../model/transport.ts';
import { formatAddress } from '../model/transport.ts';
import { plural } from '../util/text.ts';
import { bad, good, note, replyWord, type VerdictOf } from './trial-words.ts';

/** RFC 8656 §7.2: the least a server should grant. */
const DEFAULT_LIFETIME_SECONDS = 600;

const TCP = 6;

const addresses = (list: readonly TransportAddress[]): string => list.map(formatAddress).join(' and ');

/** coturn 4.18 puts 0.0.0.0:0 where it has no address of a family. */
const real = (list: readonly TransportAddress[]): readonly TransportAddress[] =>
  list.filter(({ port }) => port !== 0);

type AllocationTrial =
  | 'challenge'
  | 'silent-allocate'
  | 'ipv6-relay'
  | 'both-families'
  | 'lifetimes'
  | 'deletion'
  | 'retransmission'
  | 'even-port'
  | 'dont-fragment'
  | 'stale-nonce'
  | 'transports'
  | 'mobility'
  | 'quota';

/** What the trials about Allocate, Refresh and the challenge say. */
export const ALLOCATION_VERDICTS: { readonly [T in AllocationTrial & TrialName]: VerdictOf<T> } = {
  challenge: ({ realm, nonceLength, features, sharedNonce }) => {
    if (nonceLength === null) return bad('no NONCE', 'no client can authenticate');
    if (!realm) return bad('no realm', 'browsers gather for ever: set realm=');
    const announced = features.length > 0 ? `, announces ${features.join(' and ')}` : '';
    const result = `realm ${realm}, nonce of ${nonceLength}${announced}`;
    return sharedNonce
      ? note(result, 'two clients were given the same nonce')
      : good(result, 'each client its own nonce');
  },
  'silent-allocate': ({ variants }) => {
    const answered = variants.filter(variant => variant.answered).map(({ variant }) => variant);
    const result = answered.length === 0 ? 'nothing is answered' : `answered: ${answered.join(', ')}`;
    const allocate = answered.filter(variant => variant.startsWith('Allocate'));
    if (answered.length === 0) return bad(result, 'the listener or the way to it is closed, not TURN alone');
    if (allocate.length > 0)
      return bad(result, 'requests of one shape are lost: a filter on the way, or its MTU');
    if (answered.includes('Refresh')) return bad(result, 'Allocate alone is lost: the way drops it');
    return bad(result, 'TURN is off (stun-only), or challenges are rate-limited (coturn 4.14)');
  },
  'ipv6-relay': result =>
    'refused' in result
      ? note(replyWord(result.refused), 'no IPv6 relay: peers with IPv6 only cannot be reached')
      : good(addresses(result.relayedAddresses), 'relays to IPv6 peers too'),
  'both-families': result => {
    if ('refused' in result) return note(replyWord(result.refused), 'one family an allocation');
    const granted = real(result.relayedAddresses);
    if (granted.length > 1) return good('both', 'one allocation reaches peers of both families');
    return result.addressErrors.length > 0
      ? note(
          `one, ${result.addressErrors.join(', ')} for the other`,
          'the other family is not there, and is said so',
        )
      : note('one, no error', 'the other family is missing, and nothing says so');
  },
  lifetimes: ({ lifetimes }) => {
    const result = lifetimes
      .map(({ askedSeconds, grantedSeconds }) => `${askedSeconds}→${grantedSeconds ?? 'none'}`)
      .join(' ');
    if (lifetimes.some(({ grantedSeconds }) => grantedSeconds === null))
      return bad(result, 'a Refresh was not granted: calls end early');
    const usual =
      lifetimes.find(({ askedSeconds }) => askedSeconds === DEFAULT_LIFETIME_SECONDS)?.grantedSeconds ?? 0;
    return usual < DEFAULT_LIFETIME_SECONDS
      ? note(result, `shorter than usual: clients must refresh within ${usual} s`)
      : good(result, 'seconds asked and granted');
  },
  deletion: ({ first, second, goneAfterMs }) => {
    const result = `${replyWord(first)}, again ${replyWord(second)}`;
    if (first !== 'granted')
      return bad(result, 'allocations cannot be given back: ports and quota stay taken');
    if (goneAfterMs === null) return bad(result, 'a deleted allocation answers on: its port stays taken');
    const gone = `gone after ${(goneAfterMs / 1000).toFixed(1)} s`;
    return second === 'granted'
      ? good(`${result}, ${gone}`, 'deleted; the second 200 proves nothing')
      : good(`${result}, ${gone}`, 'deleted');
  },
  retransmission: ({ relayedAddress, again, relayedAddressAgain }) => {
    if (again === 437) return good('437', 'a lost answer costs no second port');
    if (again !== 'granted' || !relayedAddressAgain)
      return note(replyWord(again), 'a lost answer to Allocate is lost for good');
    return formatAddress(relayedAddress) === formatAddress(relayedAddressAgain)
      ? good('the same answer', 'a lost answer costs no second port')
      : bad('a second port', 'each lost answer leaks a relay port until it expires');
  },
  'even-port': result => {
    if ('refused' in result) return note(replyWord(result.refused), 'no port pairs; browsers ask for none');
    const { port, reserved } = result;
    if (port % 2 !== 0) return bad(`port ${port}`, 'an odd port where an even one was asked for');
    if (!reserved) return note(`port ${port}, no token`, 'the next port is not reserved');
    if ('refused' in reserved)
      return note(`token ${replyWord(reserved.refused)}`, 'the reserved port cannot be had');
    const next = reserved.port === port + 1;
    return next
      ? good(`ports ${port} and ${reserved.port}`, 'a pair, as RTP and RTCP once needed')
      : note(`ports ${port} and ${reserved.port}`, 'not a pair');
  },
  'dont-fragment': result =>
    'refused' in result
      ? note(replyWord(result.refused), 'DF cannot be asked for; browsers do not')
      : good('200', 'DF is taken'),
  'stale-nonce': ({ reply, renewed, accepted }) => {
    if (reply !== 438) return note(replyWord(reply), 'a nonce of another client is taken');
    if (!renewed) return bad('438, no new nonce', 'a call ends when its nonce grows old');
    return accepted
      ? good('438, then in', 'an old nonce is renewed without a gap')
      : bad('438 for ever', 'a call ends when its nonce grows old');
  },
  transports: ({ protocols }, { transport }) => {
    const groups = new Map<Reply, number[]>();
    for (const { protocol, reply } of protocols) groups.set(reply, [...(groups.get(reply) ?? []), protocol]);
    const result = [...groups].map(([reply, list]) => `${list.join(',')}: ${replyWord(reply)}`).join('; ');
    const unexpected = protocols.filter(({ protocol, reply }) => reply === 'granted' && protocol !== TCP);
    if (unexpected.length > 0) return note(result, 'relays more than UDP and TCP');
    if (protocols.some(({ reply }) => reply === null))
      return note(result, 'a protocol it does not know is met with silence');
    const tcp = protocols.find(({ protocol }) => protocol === TCP)?.reply;
    if (tcp === 'granted' && transport === 'udp')
      return note(result, 'a TCP relay over UDP, against RFC 6062');
    return good(
      result,
      tcp === 'granted' ? 'UDP, and TCP relays (RFC 6062)' : 'UDP alone over this transport',
    );
  },
  mobility: result => {
    if ('refused' in result)
      return note(replyWord(result.refused), 'off: a client that changes networks allocates anew');
    if (!result.ticket) return note('no ticket', 'off, and not said so');
    return result.moved === 'granted'
      ? good('ticket, moved', 'an allocation follows its client to another network')
      : note(`ticket, move ${replyWord(result.moved ?? null)}`, 'tickets are given and not honoured');
  },
  quota: ({ granted, limit, stoppedBy }) => {
    const result = `${plural(granted, 'allocation')}, then ${stoppedBy === 'granted' ? 'no more tried' : replyWord(stoppedBy)}`;
    if (stoppedBy === 486) return good(result, 'user-quota or total-quota');
    if (stoppedBy === 508) return note(result, 'the relay ports are used up: one user can take them all');
    if (stoppedBy === 'granted') return note(result, `one user may hold ${limit} and more`);
    return note(result, 'not a quota');
  },
};
