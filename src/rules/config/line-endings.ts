import { defineRule } from '../../model/rule.ts';

export default defineRule({
  id: 'config/line-endings',
  meta: {
    title: 'Lines that end in a carriage return alone',
    effect: 'Most of the configuration is not in force',
    why: 'coturn ends a line at LF. With the CR of old Macintosh files the rest of the file becomes part of one value. (CR LF, as Windows writes it, is harmless.)',
    remedy: 'Turn CR into LF: tr "\\r" "\\n" < old > new.',
    severity: 'error',
  },
  needs: ['config'],
  check: ({ config }) => {
    const faults = config.faults.filter(fault => fault.kind === 'cr-only');
    const [first] = faults;
    if (first === undefined) return [];
    return [
      {
        message: `Line ${first.line} has a carriage return in its middle: coturn reads what stands behind it as part of the value before`,
        at: { file: config.path, line: first.line, column: first.column },
        evidence: `CR without LF in ${faults.length === 1 ? 'one line' : `${faults.length} lines`}, first at line ${first.line}, column ${first.column}`,
      },
    ];
  },
});
