/** One thing that happened in a browser, and when: milliseconds since the person pressed "call". Kinds as in `client/events.ts`. */
export interface TimelineEvent {
  readonly kind: string;
  readonly atMs: number;
  readonly [detail: string]: string | number | boolean | undefined;
}

/** One side of one call, as its browser saw it. */
export interface CallSide {
  readonly events: readonly TimelineEvent[];
  /** Until a first message came back over the data channel; null when none did. */
  readonly connectedMs: number | null;
  /** `relay/udp`: the local candidate of the pair in use. */
  readonly via: string | null;
}

/** A call between two browsers. */
export interface CallRecord {
  readonly scenario: string;
  /** 1 for the first call of its pair of browser contexts, in which nothing is cached. */
  readonly ordinal: number;
  readonly caller: CallSide;
  readonly callee: CallSide;
}
