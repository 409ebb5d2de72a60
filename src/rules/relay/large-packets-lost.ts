import { observed } from '../../model/observation.ts';
import type { Leg } from '../../model/observations/turn-data-path.ts';
import type { SizeLegs } from '../../model/observations/turn-trial.ts';
import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';
import { endpointOf } from '../wire-evidence.ts';

/** Browsers keep their packets below this size, and send video in packets that nearly fill it. */
const NEEDED_BYTES = 1200;

export default defineRule({
  id: 'relay/large-packets-lost',
  meta: {
    title: 'Large packets do not pass the relay',
    effect: 'Calls connect, sound works, and the picture stays black',
    why: 'Small packets pass and those of 1200 bytes, the size of video, do not: a tunnel or VPN with a small MTU on the way drops what does not fit, and the ICMP message that would say so is filtered.',
    remedy:
      'Find the link with the small MTU (ping -M do -s 1200), raise it, or let ICMP type 3 code 4 and ICMPv6 type 2 through all firewalls on the way.',
    severity: 'error',
    explainedBy: ['listener/packet-loss'],
    references: ['RFC 8656 §3.7', 'RFC 8899'],
  },
  needs: ['wire'],
  check: ({ wire }) => {
    const tried = observed(wire.observations, 'turn-trial').flatMap(o =>
      o.trial === 'sizes' && o.outcome === 'complete' ? [{ at: endpointOf(o), sizes: o.result.sizes }] : [],
    );
    if (tried.length === 0) return { skip: 'no payload was sent through the relay' };
    return tried.flatMap(({ at, sizes }) => {
      const small = sizes[0];
      const lost = sizes.filter(size => size.sizeBytes <= NEEDED_BYTES && !passes(size));
      if (!small || !passes(small) || lost.length === 0) return [];
      return [
        {
          message: `${at}: ${lost[0]!.sizeBytes} bytes of payload are lost where ${small.sizeBytes} pass`,
          evidence: `lost, sent four times each: ${listed(sizes.filter(size => !passes(size)).map(words))}`,
        },
      ];
    });
  },
});

const arrived = ({ outcome }: Leg): boolean => outcome === 'passed' || outcome === 'skipped';
const passes = ({ outbound, inbound }: SizeLegs): boolean => arrived(outbound) && arrived(inbound);

const words = ({ sizeBytes, outbound, inbound }: SizeLegs): string => {
  const ways = [
    ...(arrived(outbound) ? [] : ['to the peer']),
    ...(arrived(inbound) ? [] : ['from the peer']),
  ];
  return `${sizeBytes} bytes ${ways.join(' and ')}`;
};
