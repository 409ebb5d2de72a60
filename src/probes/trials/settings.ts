/** How the trials with a relay go about it. */
export interface RelaySettings {
  /** Where to send a Binding request through the relay; default: the relay's own listener. */
  readonly stunServer?: { readonly host: string; readonly port: number };
  /** Most allocations to hold at the same time. */
  readonly quotaLimit?: number;
  readonly throughput?: { readonly mostMs: number; readonly mostBytes: number; readonly stepMs: number };
  /** Lives to expect: RFC 8656 §9 and §12 say 300 s and 600 s, coturn has an option for each. */
  readonly permissionSeconds?: number;
  readonly channelSeconds?: number;
  readonly soakSeconds?: number;
}
