/** What the parent tells the embedded server, over the IPC channel: a secret has no place in argv. */
export interface DemoSettings {
  readonly realm: string;
  readonly secret: string;
  /** Plants the fault: Binding requests really go unanswered. */
  readonly noStun: boolean;
}

export type DemoMessage = { readonly port: number } | { readonly error: string };
