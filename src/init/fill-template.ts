/** What stands for `{{name}}`: nothing, a text, or one text a line. */
type TemplateValue = string | readonly string[] | null;
export type TemplateValues = Readonly<Record<string, TemplateValue>>;

const PLACEHOLDER = /\{\{([\w-]+)\}\}/;

/**
 * Fills in a template, whose syntax has three rules. A line holds at most one placeholder, `{{name}}`. A line whose
 * placeholder has no value is left out, one with several values is repeated. A paragraph of which nothing is left but
 * comments goes with them, if it had placeholders. @throws {Error} for a name without an entry, a mistake in our own files
 */
export const fillTemplate = (template: string, values: TemplateValues): string =>
  `${template
    .trimEnd()
    .split(/\n{2,}/)
    .map(paragraph => filledParagraph(paragraph.split('\n'), values))
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`;

function filledParagraph(lines: readonly string[], values: TemplateValues): readonly string[] {
  const filled = lines.map(line => filledLine(line, values));
  const isTemplate = lines.some(line => isSetting(line) && PLACEHOLDER.test(line));
  const isEmpty = lines.every((line, i) => !isSetting(line) || filled[i]!.length === 0);
  return isTemplate && isEmpty ? [] : filled.flat();
}

/** `#name=` is a setting that waits for somebody, `# text` a comment. */
const isSetting = (line: string): boolean => !/^#(?:\s|$)/.test(line);

function filledLine(line: string, values: TemplateValues): readonly string[] {
  const [placeholder, name] = PLACEHOLDER.exec(line) ?? [];
  if (placeholder === undefined || name === undefined) return [line];
  const value = values[name];
  if (value === undefined) throw new Error(`the template asks for ${name}, which nobody gives`);
  const texts = value === null ? [] : typeof value === 'string' ? [value] : value;
  // A function, because a text may hold `$&`.
  return texts.map(text => line.replace(placeholder, () => text));
}
