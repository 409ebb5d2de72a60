import type { Observation } from '../model/observation.ts';
import type { ProbeContext } from './conversation.ts';
import { probeNat } from './nat-behaviour.ts';
import type { Conversation } from './plan.ts';
import { probeRelay } from './relay-session.ts';
import { probeIdentity } from './server-identity.ts';
import { probeBinding } from './stun-binding.ts';
import { probeConformance } from './stun-conformance.ts';
import { probePorts } from './stun-ports.ts';
import { probeSeries } from './stun-series.ts';
import { probeTls } from './tls-handshake.ts';
import { probeTlsSurvey } from './tls-survey.ts';
import { probeAuth } from './turn-auth.ts';
import { probeTcpRelay } from './turn-tcp-relay.ts';

type Conversations = {
  readonly [K in Conversation['kind']]: (
    to: Extract<Conversation, { kind: K }>,
    context: ProbeContext,
  ) => Promise<Observation | readonly Observation[]>;
};

const CONVERSATIONS: Conversations = {
  'nat-behaviour': probeNat,
  'relay-session': probeRelay,
  'server-identity': probeIdentity,
  'stun-binding': probeBinding,
  'stun-conformance': probeConformance,
  'stun-ports': probePorts,
  'stun-series': probeSeries,
  'tls-handshake': probeTls,
  'tls-survey': probeTlsSurvey,
  'turn-auth': probeAuth,
  'turn-tcp-relay': probeTcpRelay,
};

/** Has one conversation of the plan; most come to one observation. */
export function converseAbout(
  conversation: Conversation,
  context: ProbeContext,
): Promise<Observation | readonly Observation[]> {
  const have = CONVERSATIONS[conversation.kind] as (
    to: Conversation,
    context: ProbeContext,
  ) => Promise<Observation | readonly Observation[]>;
  return have(conversation, context);
}
