import type { Rendering } from '../model/report.ts';

/** Breaks at blanks so that no line is wider than `width`, except where one word is. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text.replace(/\s+/g, ' ').trim();
  while (rest.length > width) {
    const fits = rest.lastIndexOf(' ', width);
    const end = fits > 0 ? fits : rest.indexOf(' ');
    if (end === -1) break;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  return rest === '' ? lines : [...lines, rest];
}

/** A label in a column of its own, the text wrapped beside it: `  saw   Allocate answered in …`. */
export function labelled(label: string, text: string, width: number, indent = 2, column = 6): string[] {
  const margin = ' '.repeat(indent);
  return wrap(text, width - indent - column).map(
    (line, i) => `${margin}${(i === 0 ? label : '').padEnd(column)}${line}`,
  );
}

/** As wide as the terminal, within what people read well. */
export const readableWidth = ({ width }: Rendering): number => Math.max(60, Math.min(width, 100));

/** Blocks of lines, an empty line between them; empty blocks leave no trace. */
export const joinBlocks = (blocks: readonly (readonly string[])[]): string =>
  `${blocks
    .filter(block => block.length > 0)
    .map(block => block.join('\n'))
    .join('\n\n')}\n`;
