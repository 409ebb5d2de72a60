import { findDirective } from '../../config/directives.ts';
import type { ConfigEntry, ConfigFact, SyntaxFault } from '../../model/facts.ts';
import { defineRule } from '../../model/rule.ts';
import { quoted } from '../evidence.ts';

export default defineRule({
  id: 'config/line-too-long',
  meta: {
    title: 'Line longer than coturn reads at once',
    effect: 'A setting is in force that nobody meant to write',
    why: 'coturn reads 1023 bytes at a time and takes the rest of a longer line, of a comment too, as a line of its own.',
    remedy: 'Break the comment into several lines; a value cannot be longer than the line.',
    severity: 'error',
    references: ['coturn src/apps/relay/mainrelay.c, read_config_file: fgets into 1024 bytes'],
  },
  needs: ['config'],
  check: ({ config }) =>
    config.faults
      .filter(fault => fault.kind === 'line-too-long')
      .map(fault => {
        const entry = config.entries.find(
          e => e.overflow && e.line === fault.line && e.column >= fault.column,
        );
        const at = { file: config.path, line: fault.line, column: fault.column };
        const evidence = entry === undefined ? `byte 1024 of line ${fault.line}` : quoted(entry);
        if (entry !== undefined && findDirective(entry.name) !== undefined) {
          return {
            message: `Line ${fault.line} is too long, and coturn reads its rest as a line of its own: ${entry.name} is in force`,
            option: entry.name,
            at,
            evidence,
          };
        }
        const message = `Line ${fault.line} is longer than 1023 bytes; coturn reads the rest as a line of its own, and drops it`;
        return cutsAnOption(config, fault)
          ? { message, at, evidence }
          : { message, at, evidence, severity: 'info' as const };
      }),
});

/** A comment may lose its end without harm. */
const cutsAnOption = (config: ConfigFact, { line }: SyntaxFault): boolean =>
  config.entries.some(
    (entry: ConfigEntry) => entry.line === line && entry.origin === 'file' && !entry.overflow,
  );
