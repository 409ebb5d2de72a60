import { editDistance } from '../util/text.ts';

/** The candidate that was probably meant: the same name under another topic, or the nearest by edit distance. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const tails = candidates.filter(candidate => candidate.endsWith(`/${word}`));
  if (tails.length === 1) return tails[0];
  const limit = Math.max(2, Math.floor(word.length / 3));
  const [best] = candidates
    .map(candidate => ({ candidate, distance: editDistance(word, candidate, limit) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= limit ? best.candidate : undefined;
}
