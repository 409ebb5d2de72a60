import { type Fix, lineTarget } from './fix.ts';

/** A comment behind a value goes on a line of its own above; behind a secret too, without being read. */
export const moveComment: Fix = {
  rules: ['config/inline-comment'],
  safety: 'safe',
  plan(finding, { entryOf }) {
    const entry = entryOf(finding);
    const column = finding.at?.column;
    if (entry?.rawValue === undefined || entry.rawValue === null || column === undefined) return null;
    return {
      safety: 'safe',
      what: `move the comment behind ${entry.name} to a line of its own`,
      edits: [
        {
          kind: 'lift-comment',
          target: lineTarget(entry),
          ofLength: entry.rawValue.length,
          to: column - entry.valueColumn,
        },
      ],
    };
  },
};
