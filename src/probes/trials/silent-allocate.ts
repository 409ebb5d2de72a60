import type { TrialResults } from '../../model/observations/turn-trial.ts';
import { attributeType } from '../../stun/attributes.ts';
import { allocate, type TurnRequest } from '../../turn/requests.ts';
import { ask, openExchange, type ProbeContext } from '../conversation.ts';
import type { Destination } from '../plan.ts';
import { BINDING } from '../stun-binding.ts';
import { complete, replyOf, skipped, type Trial } from './trial.ts';

/** More than any ordinary request, and less than a path may refuse for its size. */
const PADDING_BYTES = 400;

/** Header, REQUESTED-TRANSPORT or padding, FINGERPRINT. */
const sizeOf = ({ attributes }: TurnRequest, fingerprint: boolean): number =>
  20 +
  (fingerprint ? 8 : 0) +
  attributes.reduce(
    (size, { name, value }) => size + 4 + (name === SOFTWARE ? (value as Uint8Array).length : 4),
    0,
  );

const SOFTWARE = attributeType('SOFTWARE');

const padded = (request: TurnRequest): TurnRequest => ({
  ...request,
  attributes: [...request.attributes, { name: SOFTWARE, value: new Uint8Array(PADDING_BYTES).fill(0x74) }],
});

const VARIANTS: readonly { variant: string; request: TurnRequest; fingerprint: boolean }[] = [
  { variant: 'Binding', request: BINDING, fingerprint: true },
  { variant: 'Binding, large', request: padded(BINDING), fingerprint: true },
  { variant: 'Allocate', request: allocate(), fingerprint: true },
  { variant: 'Allocate without FINGERPRINT', request: allocate(), fingerprint: false },
  { variant: 'Allocate, large', request: padded(allocate()), fingerprint: true },
  { variant: 'Refresh', request: { method: 'refresh', attributes: [] }, fingerprint: true },
];

/**
 * Which requests the listener answers, where it leaves Allocate unanswered: none at all, all but TURN (`stun-only`, or a rate limit
 * on 401), or all but those of some shape, which no server does and a filter on the way may.
 */
export const silentAllocate: Trial<'silent-allocate'> = async (to, context) => {
  const variants = await Promise.all(VARIANTS.map(variant => tell(variant, to, context)));
  const told = variants.filter(variant => variant !== undefined);
  return told.length === VARIANTS.length ? complete({ variants: told }) : skipped('the way there is closed');
};

async function tell(
  { variant, request, fingerprint }: (typeof VARIANTS)[number],
  to: Destination,
  context: ProbeContext,
): Promise<TrialResults['silent-allocate']['variants'][number] | undefined> {
  const anonymous = { ...context, credential: undefined };
  const opened = await openExchange(to, anonymous, { fingerprint });
  if ('failure' in opened) return undefined;
  const answered = replyOf(await ask(request, to, opened.exchange, anonymous)) !== null;
  opened.exchange.close();
  return { variant, sizeBytes: sizeOf(request, fingerprint), answered };
}
