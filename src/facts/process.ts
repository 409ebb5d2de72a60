import { userName } from '../host/accounts.ts';
import { type Fact, known } from '../model/fact.ts';
import type { ProcessFact } from '../model/facts.ts';
import { maskArguments } from '../util/mask.ts';
import type { Survey } from './survey.ts';

/** Every turnserver that runs, started by whomever. */
export function processFacts({ processes, accounts }: Survey): Fact<readonly ProcessFact[]> {
  if (!processes.known) return processes;
  return known(
    processes.value.map(({ pid, uid, argv, startedAt, sameNetwork, unit, container }) => ({
      pid,
      user: userName(accounts, uid),
      argv: maskArguments(argv),
      startedAt,
      sameNetwork,
      unit: unit ?? container,
    })),
  );
}
