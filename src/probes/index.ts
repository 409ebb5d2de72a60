import type { Observation } from '../model/observation.ts';
import { probeChallengeLimit } from './challenge-limit.ts';
import type { ProbeContext } from './conversation.ts';
import { probeLoad } from './load.ts';
import { probeMalformed } from './malformed-requests.ts';
import { probeManagement } from './management-ports.ts';
import { probeNat } from './nat-behaviour.ts';
import { probePeerReach } from './peer-reach.ts';
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
import { probeUnauthenticated } from './unauthenticated-answers.ts';

type Conversations = {
  readonly [K in Conversation['kind']]: (
    to: Extract<Conversation, { kind: K }>,
    context: ProbeContext,
  ) => Promise<Observation | readonly Observation[]>;
};

const CONVERSATIONS: Conversations = {
  'nat-behaviour': probeNat,
  'challenge-limit': probeChallengeLimit,
  load: probeLoad,
  'malformed-requests': probeMalformed,
  'management-ports': probeManagement,
  'peer-reach': probePeerReach,
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
  'unauthenticated-answers': probeUnauthenticated,
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
