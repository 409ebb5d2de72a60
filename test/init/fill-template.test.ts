import { expect, test } from 'vitest';
import { fillTemplate } from '../../src/init/fill-template.ts';

const cases = [
  { name: 'a value', template: 'a={{x}}', values: { x: '1' }, expected: 'a=1\n' },
  { name: 'no value: the line goes', template: 'a={{x}}\nb=2', values: { x: null }, expected: 'b=2\n' },
  {
    name: 'several: a line each',
    template: 'a={{x}}\nb',
    values: { x: ['1', '2'] },
    expected: 'a=1\na=2\nb\n',
  },
  {
    name: 'a paragraph without settings left goes with its comment',
    template: '# about a\na={{x}}\n{{flag}}\n\n# about b\nb=1\n',
    values: { x: [], flag: null },
    expected: '# about b\nb=1\n',
  },
  {
    name: 'a setting without a placeholder keeps its paragraph',
    template: '# both\na={{x}}\nb=1',
    values: { x: null },
    expected: '# both\nb=1\n',
  },
  {
    name: 'a comment of its own stays, placeholder or not',
    template: '# for {{x}}\n# text\n\na=1',
    values: { x: '4.6.1' },
    expected: '# for 4.6.1\n# text\n\na=1\n',
  },
  {
    name: 'a setting that waits behind # counts as one',
    template: '# to do\n#a={{x}}\n\nb=1',
    values: { x: null },
    expected: 'b=1\n',
  },
  {
    name: 'a value is taken as it is',
    template: 'a={{x}}',
    values: { x: '$&{{y}}' },
    expected: 'a=$&{{y}}\n',
  },
];

test.each(cases)('$name', ({ template, values, expected }) => {
  expect(fillTemplate(template, values)).toBe(expected);
});

test('a placeholder that nobody knows is a mistake of ours', () => {
  expect(() => fillTemplate('a={{x}}', {})).toThrow('asks for x');
});
