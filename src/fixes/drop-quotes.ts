import { type Fix, lineTarget } from './fix.ts';

/** One pair of marks around the whole value, as a shell or a word processor writes it. */
const PAIR = /^(?:'[^']*'|‘[^‘’]*’|“[^“”]*”|„[^“”]*[“”]|«[^»]*»|`[^`]*`)$/;

/** Values that the application or a stored key may have taken over, marks included. */
const SHARED = ['static-auth-secret', 'user', 'realm', 'server-name', 'cli-password', 'pkey-pwd'];

/** Quotation marks that coturn takes for a part of the value. */
export const dropQuotes: Fix = {
  rules: ['config/quoted-value'],
  safety: 'either',
  plan(finding, { entryOf }) {
    const entry = entryOf(finding);
    if (entry === undefined || !PAIR.test(entry.rawValue ?? '')) return null;
    const { name, rawValue, secret } = entry;
    const length = rawValue!.length;
    return {
      safety: secret !== undefined || SHARED.includes(name) ? 'needs-judgement' : 'safe',
      what: `take the quotation marks off the value of ${name}`,
      edits: [{ kind: 'keep-part', target: lineTarget(entry), ofLength: length, from: 1, to: length - 1 }],
    };
  },
};
