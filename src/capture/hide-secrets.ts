import { attributeName, attributeTable } from '../stun/attributes.ts';
import { plain, viewOf } from '../stun/bytes.ts';
import { foreignProtocol } from '../stun/foreign.ts';
import { fingerprintOf } from '../stun/integrity.ts';
import { decode, HEADER_SIZE } from '../stun/message.ts';
import { isChannelData } from '../turn/channel-data.ts';
import { HIDDEN } from './attribute-value.ts';
import { walkAttributes } from './walk.ts';

/** What else must not be seen by whoever gets a capture. Each changes bytes in place and keeps their number. */
export interface Screen {
  /** In a message, whose structure must stay. */
  secrets(bytes: Uint8Array): void;
  /** In the value of USERNAME. */
  user(bytes: Uint8Array): void;
  /** In what is no STUN: an HTTP answer, somebody's data. */
  foreign(bytes: Uint8Array): void;
}

/** For who keeps a capture to himself. */
export const NO_SCREEN: Screen = { secrets: () => {}, user: () => {}, foreign: () => {} };

/** A message relayed in a message: the reflection of a Binding through the relay is one. */
const DEEPEST = 2;

/**
 * Zeroes what must not leave: integrity values, tickets and tokens, and the payload of peers unless that is STUN itself.
 * Every length stays, and a FINGERPRINT that was right is right again. The bytes are changed in place.
 */
export function hideSecrets(bytes: Uint8Array, screen = NO_SCREEN, depth = 0): void {
  const whole = plain(bytes);
  if (foreignProtocol(whole)) {
    screen.foreign(whole);
    return;
  }
  if (isChannelData(whole)) {
    hidePayload(whole.subarray(4), screen, depth);
    return;
  }
  const raw = walkAttributes(whole);
  const mark = raw.find(({ type, value }) => type === attributeTable.FINGERPRINT.type && value.length === 4);
  const fingerprint = (offset: number) => fingerprintOf(whole.subarray(0, offset));
  const wasRight = mark && viewOf(mark.value).getUint32(0) === fingerprint(mark.offset);
  for (const { type, value } of raw) {
    const name = attributeName(type);
    if (name !== undefined && HIDDEN.has(name)) value.fill(0);
    if (name === 'USERNAME') screen.user(value);
    if (name === 'DATA') hidePayload(value, screen, depth);
  }
  screen.secrets(whole.subarray(HEADER_SIZE));
  if (mark && wasRight) viewOf(mark.value).setUint32(0, fingerprint(mark.offset));
}

/** The same for what a peer sends and gets: whatever is not STUN is zeroed. In place. */
export function hidePayload(payload: Uint8Array, screen = NO_SCREEN, depth = 0): void {
  if (depth < DEEPEST && 'message' in decode(payload)) hideSecrets(payload, screen, depth + 1);
  else payload.fill(0);
}
