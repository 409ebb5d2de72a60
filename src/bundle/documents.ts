import type { LeftOut } from '../model/bundle.ts';
import type { Fact } from '../model/fact.ts';
import type { ConfigFact, Facts } from '../model/facts.ts';
import type { Document } from './build-bundle.ts';
import { REPORT } from './open-bundle.ts';

/** The documents that come out of the facts. `report` is that of `diagnose --json`. */
export function documentsOf(facts: Facts, report: unknown, ms: number): readonly Document[] {
  const from = 'turnctl diagnose';
  const fact = (path: string, what: string, { known, ...rest }: Fact<unknown>): Document[] =>
    known && 'value' in rest ? [{ path, what, how: from, ms: 0, content: { ours: rest.value } }] : [];
  return [
    {
      path: REPORT,
      what: 'facts and verdict, for diagnose --from',
      how: `${from} --json`,
      ms,
      content: { ours: report },
    },
    ...(facts.config.known
      ? [
          {
            path: 'config/turnserver.conf',
            what: 'the configuration, secrets masked, comments left out',
            how: facts.config.value.path,
            ms: 0,
            content: { text: configText(facts.config.value) },
          },
        ]
      : []),
    ...fact('tls/certificate.json', 'certificate and key of the files, without the key', facts.tlsFiles),
    ...fact(
      'backend/endpoint.json',
      "the credential endpoint's answer, without the password",
      facts.endpoint,
    ),
  ];
}

/** Each option on its line; what stands between may be anything, and is not shown. */
function configText({ entries }: ConfigFact): string {
  const ofFile = entries.filter(({ origin }) => origin === 'file');
  const lines: string[] = [];
  for (const { line, source, overflow } of ofFile) {
    // Lines may be counted into the millions by a file that is none.
    while (lines.length < line - 1 && lines.length < 100_000) lines.push('');
    if (!overflow) lines.push(source);
  }
  return `${lines.join('\n')}\n`;
}

/** Facts that are not known, with the reasons. */
export const unknownIn = (facts: Facts): readonly LeftOut[] =>
  Object.entries(facts).flatMap(([name, fact]) =>
    typeof fact === 'object' && !fact.known && name !== 'upgrade' && name !== 'client'
      ? [{ what: `fact ${name}`, reason: fact.reason }]
      : [],
  );
