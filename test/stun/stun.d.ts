/** What the tests use of `stun` 2.1.0, which brings no types. */
declare module 'stun' {
  interface Message {
    getAttribute(type: number): { readonly value: unknown } | undefined;
    addAttribute(type: number, ...values: unknown[]): unknown;
    addMessageIntegrity(key: string | Buffer): unknown;
    addFingerprint(): unknown;
  }

  const stun: {
    readonly constants: Readonly<Record<string, number>>;
    createMessage(type: number, transactionId: Buffer): Message;
    decode(bytes: Buffer): Message;
    encode(message: Message): Buffer;
  };
  export default stun;
}
