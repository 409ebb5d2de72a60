import { auth } from './auth.ts';
import type { ProbeKind } from './kind.ts';
import { load } from './load.ts';
import { nat } from './nat.ts';
import { peers } from './peers.ts';
import { stun } from './stun.ts';
import { tls } from './tls.ts';
import { turn } from './turn.ts';

/** Every `turnctl probe KIND`, in the order of its help. */
export const PROBE_KINDS: readonly ProbeKind[] = [stun, turn, auth, tls, nat, peers, load];
