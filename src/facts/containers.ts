import { type Fact, known } from '../model/fact.ts';
import type { ContainerFact } from '../model/facts.ts';
import type { Survey } from './survey.ts';

/** Containers with coturn in them, and what they publish. */
export function containerFacts({ containers }: Survey): Fact<readonly ContainerFact[]> {
  if (!containers.known) return containers;
  return known(
    containers.value.map(({ id, name, image, networkMode, published }) => ({
      id,
      name,
      image,
      networkMode,
      published,
    })),
  );
}
