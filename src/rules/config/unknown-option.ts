import { findDirective, nearestNames } from '../../config/directives.ts';
import type { ConfigEntry } from '../../model/facts.ts';
import { defineRule } from '../../model/rule.ts';
import { listed, printable } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';
import { isForeign } from '../foreign-syntax.ts';
import { isRendered } from '../left-over-text.ts';

export default defineRule({
  id: 'config/unknown-option',
  meta: {
    title: 'Option that coturn does not know',
    effect: 'A setting is not in force',
    why: 'coturn compares names letter by letter. A line it does not know costs one warning ("Bad configuration format"), then the server runs without that setting: a misspelt secret leaves the relay open to anyone.',
    remedy: 'Write the name as coturn has it, or delete the line.',
    severity: 'error',
    references: ['coturn src/apps/relay/mainrelay.c, read_config_file'],
  },
  needs: ['config', 'version'],
  check: ({ config, version: { version } }) => {
    if (isForeign(config)) return { skip: 'the file is not a coturn configuration, see config/not-coturn' };
    return config.entries.filter(isUnknown).map(entry => {
      const near = isComment(entry) ? [] : alike(entry.name, version);
      const consequence =
        near.length === 0 ? 'and is dropped' : `and is dropped: ${near[0]} is not set by it`;
      return {
        message: `"${printable(entry.name)}" is no option of coturn ${consequence}`,
        ...atEntry(entry),
        remedy: advice(entry, near),
        ...(isComment(entry) ? { severity: 'info' as const } : {}),
      };
    });
  },
});

/** Byte order marks, over-long lines and semicolons have rules of their own that say what happened. */
function isUnknown(entry: ConfigEntry): boolean {
  if (entry.overflow || isRendered(entry) || entry.name.startsWith('\ufeff')) return false;
  if (findDirective(entry.name) !== undefined) return false;
  return !(entry.name.endsWith(';') && findDirective(entry.name.slice(0, -1)) !== undefined);
}

/** Meant as a comment, and dropped like one, with a warning in the log. */
const isComment = ({ name }: ConfigEntry): boolean => /^(?:;|\/\/)/.test(name);

/** However near they are: a name with "no-" in front and one without mean the opposite, `no-tlsv1_3` is no `no-tlsv1_1`. */
const alike = (name: string, version: string): readonly string[] =>
  nearestNames(name, version).filter(
    near =>
      near.startsWith('no-') === /^-*no[-_]/i.test(name) && ['', digitsOf(near)].includes(digitsOf(name)),
  );

const digitsOf = (name: string): string => name.replace(/\D/g, '');

function advice(entry: ConfigEntry, near: readonly string[]): string {
  const { name } = entry;
  if (isComment(entry)) return 'A comment starts with #, and nothing else.';
  if (name.startsWith('[')) return 'coturn has no sections: delete the line.';
  if (near.length > 1) return `Write ${listed(near, 'or')}, whichever was meant, or delete the line.`;
  const [meant] = near;
  if (meant === undefined)
    return 'Delete the line, or look the option up in the manual page of this version.';
  if (/^[-–—]/.test(name)) return `Write ${meant}, without the dashes of the command line.`;
  if (name.endsWith(':')) return `Write ${meant}=…: name and value are separated by = or a blank.`;
  return `Write ${meant}.`;
}
