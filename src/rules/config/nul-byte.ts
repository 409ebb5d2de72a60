import { defineRule } from '../../model/rule.ts';

export default defineRule({
  id: 'config/nul-byte',
  meta: {
    title: 'NUL byte in a line',
    effect: 'A setting has another value than it seems to have',
    why: 'A NUL ends the line for coturn, wherever it stands; what follows in that line is not read.',
    remedy: 'Delete the byte, which most editors do not show: tr -d "\\000" < old > new.',
    severity: 'error',
  },
  needs: ['config'],
  check: ({ config }) =>
    config.faults
      .filter(fault => fault.kind === 'nul-byte')
      .map(({ line, column }) => ({
        message: `Line ${line} has a NUL byte at column ${column}: coturn reads no further in that line`,
        at: { file: config.path, line, column },
        evidence: `byte 00 at line ${line}, column ${column}`,
      })),
});
