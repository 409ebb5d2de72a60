import { type Fact, known, unknown } from '../model/fact.ts';
import { HostError } from './host.ts';

/** The value of `read`, or what the host refused as the reason why it is unknown. Errors of ours pass. */
export async function attempt<T>(read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return known(await read());
  } catch (error) {
    if (error instanceof HostError) return unknown(error.message);
    throw error;
  }
}

/** The value of `read`, or null where the host refuses, for things that may well be absent. */
export async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  const fact = await attempt(read);
  return fact.known ? fact.value : null;
}

/** The value of `parse`, or that the program printed what is no JSON: cut off, or of a release we do not know. */
export function attemptParsing<T>(program: string, parse: () => T): Fact<T> {
  try {
    return known(parse());
  } catch (error) {
    if (error instanceof SyntaxError) return unknown(`${program} printed what is no JSON`);
    throw error;
  }
}
