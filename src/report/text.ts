/** Breaks at blanks so that no line is wider than `width`, except where one word is. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** A label in a column of its own, the text wrapped beside it: `  saw   Allocate answered in …`. */
export function labelled(label: string, text: string, width: number, indent = 2, column = 6): string[] {
  const margin = ' '.repeat(indent);
  return wrap(text, width - indent - column).map(
    (line, i) => `${margin}${(i === 0 ? label : '').padEnd(column)}${line}`,
  );
}
