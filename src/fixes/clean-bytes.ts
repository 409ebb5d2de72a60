import type { ConfigEdit } from '../config/edit.ts';
import type { RuleId } from '../model/finding.ts';
import type { Fix } from './fix.ts';

const CLEANINGS: Readonly<Record<RuleId, { readonly what: string; readonly edit: ConfigEdit }>> = {
  'config/byte-order-mark': {
    what: 'strip the byte order mark',
    edit: { kind: 'strip-byte-order-mark' },
  },
  'config/line-endings': {
    what: 'end lines with a line feed instead of a carriage return',
    edit: { kind: 'mend-line-ends' },
  },
  'config/nul-byte': { what: 'delete the NUL bytes', edit: { kind: 'strip-nul-bytes' } },
};

/** Bytes that nobody typed. One fix for the whole file, however many of them there are. */
export const cleanBytes: readonly Fix[] = Object.entries(CLEANINGS).map(([rule, { what, edit }]) => ({
  rules: [rule as RuleId],
  safety: 'safe',
  plan: () => ({ safety: 'safe', what, edits: [edit], wholeFile: true }),
}));
