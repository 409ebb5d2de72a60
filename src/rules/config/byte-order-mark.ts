import { defineRule } from '../../model/rule.ts';
import { quoted } from '../evidence.ts';

export default defineRule({
  id: 'config/byte-order-mark',
  meta: {
    title: 'Byte order mark at the start of the file',
    effect: 'The first setting of the file is not in force',
    why: 'An editor saved the file as "UTF-8 with BOM". To coturn these three invisible bytes are part of the first name, which it then does not know.',
    remedy: 'Save the file as UTF-8 without BOM: sed -i "1s/^\\xEF\\xBB\\xBF//" FILE.',
    severity: 'error',
  },
  needs: ['config'],
  check: ({ config }) => {
    if (!config.faults.some(fault => fault.kind === 'byte-order-mark')) return [];
    const [first] = config.entries;
    const name = first?.name.startsWith('\ufeff') ? first.name.slice(1) : null;
    const isOption = name !== null && !name.startsWith('#');
    return [
      {
        message: isOption
          ? `A byte order mark stands in front of ${name}, so coturn drops that line`
          : 'A byte order mark stands in front of the first line, a comment, which coturn then takes for an option it does not know',
        at: { file: config.path, line: 1, column: 1 },
        evidence:
          first === undefined
            ? 'the file starts with EF BB BF'
            : `EF BB BF before ${quoted(first).replace('\ufeff', '')}`,
        remedy: `Save the file without BOM: sed -i '1s/^\\xEF\\xBB\\xBF//' ${config.path}`,
        ...(isOption ? { option: name } : { severity: 'info' as const }),
      },
    ];
  },
});
