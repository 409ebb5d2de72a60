import { InvalidArgumentError } from 'commander';

/** Reads the value of a flag. @throws {InvalidArgumentError} unless it is a whole number between the two */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return text => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}
