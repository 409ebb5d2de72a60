import type { Failure } from '../model/outcome.ts';
import type { Receiver } from './net.ts';

/** Holds what a socket delivers until somebody receives it: a server may speak, or hang up, before we listen. */
export class Inbox implements Receiver {
  #waiting: ((receiver: Receiver) => void)[] = [];
  #receiver: Receiver | undefined;

  bytes(bytes: Uint8Array): void {
    this.#deliver(receiver => receiver.bytes(bytes));
  }

  failed(failure: Failure): void {
    this.#deliver(receiver => receiver.failed(failure));
  }

  readonly open = (receiver: Receiver): void => {
    this.#receiver = receiver;
    for (const delivery of this.#waiting.splice(0)) delivery(receiver);
  };

  #deliver(delivery: (receiver: Receiver) => void): void {
    if (this.#receiver) delivery(this.#receiver);
    else this.#waiting.push(delivery);
  }
}
