/** What the demo uses of node-turn 0.0.6, which ships no types. */
declare module 'node-turn' {
  import type { EventEmitter } from 'node:events';

  interface Configuration {
    readonly listeningIps: readonly string[];
    readonly relayIps: readonly string[];
    readonly listeningPort: number;
    readonly authMech: 'long-term';
    readonly realm: string;
    /** Password by user name; read on every request, so a Proxy can compute time-limited ones. */
    readonly credentials: Readonly<Record<string, string>>;
    readonly log: (message: unknown) => void;
  }

  export default class Server extends EventEmitter {
    constructor(configuration: Configuration);
    readonly network: { readonly sockets: readonly EventEmitter[] };
    start(): void;
  }
}
