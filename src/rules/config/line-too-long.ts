import { findDirective } from '../../config/directives.ts';
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
  check: ({ config }) => {
    const faults = config.faults.filter(fault => fault.kind === 'line-too-long');
    // The parser finds one fault for each of these entries, in this order.
    const rests = config.entries.filter(entry => entry.overflow);
    const optionLines = new Set(
      config.entries.filter(({ origin, overflow }) => origin === 'file' && !overflow).map(({ line }) => line),
    );
    return faults.map(({ line, column }, i) => {
      const rest = rests[i];
      const at = { file: config.path, line, column };
      const evidence = rest === undefined ? `byte 1024 of line ${line}` : quoted(rest);
      if (rest !== undefined && findDirective(rest.name) !== undefined) {
        return {
          message: `Line ${line} is too long, and coturn reads its rest as a line of its own: ${rest.name} is in force`,
          option: rest.name,
          at,
          evidence,
        };
      }
      const message = `Line ${line} is longer than 1023 bytes; coturn reads the rest as a line of its own, and drops it`;
      // A comment may lose its end without harm.
      return optionLines.has(line)
        ? { message, at, evidence }
        : { message, at, evidence, severity: 'info' as const };
    });
  },
});
