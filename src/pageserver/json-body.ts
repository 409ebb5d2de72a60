import type { IncomingMessage } from 'node:http';

/** A body is larger than anything that belongs here. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** @throws {TooLarge} {SyntaxError} for what is no JSON object */
export async function readJson(request: IncomingMessage, largest: number): Promise<object> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not destroyed on the way out: the answer still goes over this connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > largest) throw new TooLarge(`more than ${largest} bytes`);
    chunks.push(chunk);
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new SyntaxError('not a JSON object');
  return value;
}
