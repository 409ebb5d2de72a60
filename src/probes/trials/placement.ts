import type { TrialName } from '../../model/observations/turn-trial.ts';

/** At which destinations a trial is made: what the server does is the same on all of its listeners, what the path does is not. */
type Place = 'every-listener' | 'every-udp-listener' | 'once-an-address' | 'once-an-address-over-a-stream';

/** Every trial, in the order of the report. */
export const TRIAL_PLACES: { readonly [T in TrialName]: Place } = {
  challenge: 'every-listener',
  'silent-allocate': 'every-listener',
  'ipv6-relay': 'once-an-address',
  'both-families': 'once-an-address',
  lifetimes: 'once-an-address',
  deletion: 'once-an-address',
  retransmission: 'every-udp-listener',
  'even-port': 'once-an-address',
  'dont-fragment': 'once-an-address',
  'stale-nonce': 'once-an-address',
  transports: 'every-listener',
  mobility: 'once-an-address',
  quota: 'once-an-address',
  reflection: 'every-listener',
  'relay-to-relay': 'once-an-address',
  sizes: 'every-listener',
  'relay-series': 'every-listener',
  throughput: 'once-an-address',
  'channel-range': 'once-an-address',
  'family-mismatch': 'once-an-address',
  icmp: 'once-an-address',
  'tcp-connect': 'once-an-address-over-a-stream',
  'tcp-passive': 'once-an-address-over-a-stream',
  'permission-life': 'once-an-address',
  'channel-life': 'once-an-address',
  soak: 'every-listener',
};

export const TRIALS = Object.keys(TRIAL_PLACES) as readonly TrialName[];
