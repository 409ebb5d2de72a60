/** Bytes that were read as Latin-1 are text in UTF-8; nearly all are ASCII, which is the same in both. */
export function kept(latin1: string): string {
  for (let i = 0; i < latin1.length; i += 1) {
    if (latin1.charCodeAt(i) > 127) return Buffer.from(latin1, 'latin1').toString('utf8');
  }
  return latin1;
}

/** A copy for as long as the whole log is read: a slice would keep the line it was cut from. */
export const copied = (text: string): string => Buffer.from(text).toString();

/** `processed, success`. */
export const endsInSuccess = (bytes: Buffer, end: number): boolean =>
  bytes[end - 1] === 115 && bytes[end - 7] === 115 && bytes[end - 9] === 44;

/** Length of `user <>: incoming packet message processed, error 401: Unauthorized`. */
const CHALLENGE_LENGTH = 67;

/** Whether the line is the challenge, the answer to a request without a user. Any other has something else in one of these places. */
export function isChallenge(bytes: Buffer, end: number): boolean {
  const at = end - CHALLENGE_LENGTH;
  return (
    bytes[at + 4] === 32 &&
    bytes[at + 5] === 60 &&
    bytes[at + 6] === 62 &&
    bytes[at + 7] === 58 &&
    bytes[end - 17] === 52 &&
    bytes[end - 16] === 48 &&
    bytes[end - 15] === 49 &&
    bytes[end - 14] === 58
  );
}

/** Three digits of the thread. */
export const threadOf = (bytes: Buffer, at: number): number =>
  ((bytes[at] as number) - 48) * 100 + ((bytes[at + 1] as number) - 48) * 10 + (bytes[at + 2] as number) - 48;

/** The last twelve of eighteen digits: which session of its thread. */
export function countOf(bytes: Buffer, at: number): number {
  let count = 0;
  for (let i = at + 6; i < at + 18; i += 1) count = count * 10 + (bytes[i] as number) - 48;
  return count;
}

/** One direction pair of a usage line. */
export interface Counters {
  receivedPackets: number;
  receivedBytes: number;
  sentPackets: number;
  sentBytes: number;
}

/** Adds `…, rp=5, rb=396, sp=4, sb=372`, what came since the last such line. Read from behind. */
export function addUsage(bytes: Buffer, end: number, counters: Counters): void {
  let at = end - 1;
  let field = 0;
  let value = 0;
  let scale = 1;
  while (field < 4) {
    const digit = (bytes[at--] as number) - 48;
    if (digit >= 0 && digit <= 9) {
      value += digit * scale;
      scale *= 10;
      continue;
    }
    if (field === 0) counters.sentBytes += value;
    else if (field === 1) counters.sentPackets += value;
    else if (field === 2) counters.receivedBytes += value;
    else counters.receivedPackets += value;
    field += 1;
    value = 0;
    scale = 1;
    // The rest of `, sb=`
    at -= 4;
  }
}
