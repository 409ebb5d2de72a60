import { type Fix, lineTarget } from './fix.ts';

/** The semicolon at the end of a line is no part of the value, or of the name. */
export const dropSemicolon: Fix = {
  rules: ['config/trailing-semicolon'],
  safety: 'safe',
  plan(finding, { entryOf }) {
    const entry = entryOf(finding);
    if (entry === undefined) return null;
    const { name, rawValue } = entry;
    const target = lineTarget(entry);
    const what = `delete the semicolon behind ${finding.option ?? name}`;
    if (rawValue === null) {
      return { safety: 'safe', what, edits: [{ kind: 'rename', target, to: name.replace(/;+$/, '') }] };
    }
    const to = rawValue.replace(/[\s;]+$/, '').length;
    return {
      safety: 'safe',
      what,
      edits: [{ kind: 'keep-part', target, ofLength: rawValue.length, from: 0, to }],
    };
  },
};
