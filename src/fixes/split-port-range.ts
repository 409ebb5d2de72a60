import { type Fix, lineTarget } from './fix.ts';

/** A range written into min-port or max-port becomes the two options it means. */
export const splitPortRange: Fix = {
  rules: ['relay/port-range-syntax'],
  safety: 'either',
  plan(finding, { config, entryOf }) {
    const entry = entryOf(finding);
    const [from, to] = (entry?.value?.match(/\d+/g) ?? []).map(Number);
    if (entry === undefined || from === undefined || to === undefined || from > to) return null;
    const [own, otherName, other] =
      entry.name === 'min-port' ? [from, 'max-port', to] : [to, 'min-port', from];
    const target = lineTarget(entry);
    const standsAlone = !config.entries.some(({ name }) => name === otherName);
    return {
      // Where the other end is written too, only its author knows which of the two counts.
      safety: standsAlone ? 'safe' : 'needs-judgement',
      what: `write min-port=${from} and max-port=${to}`,
      edits: [
        { kind: 'replace-value', target, value: String(own) },
        { kind: 'insert', text: `${otherName}=${other}`, after: target },
      ],
    };
  },
};
