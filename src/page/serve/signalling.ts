import type { Signal, Signalling } from '../../client/index.ts';

/** Two ends of a way that never leaves the page. */
export function signallingInPage(): readonly [Signalling, Signalling] {
  const inboxes = [new Inbox(), new Inbox()] as const;
  const end = (mine: Inbox, theirs: Inbox): Signalling => ({
    send: signal => theirs.put(signal),
    receive: receiver => mine.openFor(receiver),
  });
  return [end(inboxes[0], inboxes[1]), end(inboxes[1], inboxes[0])];
}

/** Keeps what comes before somebody listens. */
class Inbox {
  #waiting: Signal[] = [];
  #receiver: ((signal: Signal) => void) | undefined;

  put(signal: Signal): void {
    if (this.#receiver) this.#receiver(signal);
    else this.#waiting.push(signal);
  }

  openFor(receiver: (signal: Signal) => void): void {
    this.#receiver = receiver;
    for (const signal of this.#waiting.splice(0)) receiver(signal);
  }
}

/** What the room on the server says; see `pageserver/room.ts`. */
type News =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'full' }
  | { readonly kind: 'meeting'; readonly round: number; readonly calls: boolean }
  | { readonly kind: 'signal'; readonly round: number; readonly signal: Signal };

export interface RoomEvents {
  onWaiting(): void;
  onFull(): void;
  /** Another page is there. A way to it, which is over when the next one begins. */
  onMeeting(signalling: Signalling, calls: boolean): void;
  onLost(): void;
}

/** Enters the room of two on the server; call what it returns to leave. */
export function enterRoom(events: RoomEvents): () => void {
  const id = [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16)).join('-');
  const address = `room?me=${id}`;
  const source = new EventSource(address);
  let inbox = new Inbox();
  let round = 0;
  // One after the other: what one side says must arrive in order.
  let sending: Promise<unknown> = Promise.resolve();
  const sendIn = (meeting: number) => (signal: Signal) => {
    const body = JSON.stringify({ round: meeting, signal });
    sending = sending.then(() => fetch(address, { method: 'POST', body }).catch(() => {}));
  };
  source.onmessage = ({ data }) => {
    const news = JSON.parse(data) as News;
    if (news.kind === 'waiting') {
      events.onWaiting();
    } else if (news.kind === 'full') {
      source.close();
      events.onFull();
    } else if (news.kind === 'meeting') {
      round = news.round;
      const mine = new Inbox();
      inbox = mine;
      events.onMeeting({ send: sendIn(round), receive: receiver => mine.openFor(receiver) }, news.calls);
    } else if (news.kind === 'signal' && news.round === round) inbox.put(news.signal);
  };
  source.onerror = () => events.onLost();
  return () => source.close();
}
