import type { ConfigEntry } from '../model/facts.ts';

/** What a program that fills in files should have replaced, and does not look like anything coturn has. */
const TEMPLATE = /\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|\$\{[^}]*\}|\$\([^)]*\)|`[^`]+`|^\$[A-Za-z_]\w*$|^@[A-Z_]+@$/;

/** Jinja, Go, Handlebars and the like. A shell's `$(…)` is not one: it stands in files that nobody renders. */
const RENDERED = /\{\{|\}\}|\{%|%\}|<%|%>/;

/** What a person should have replaced, in capitals as examples have it: `<public ip>`, `YOUR_PUBLIC_IP`, `REPLACE_ME`. */
const SHOUTED =
  /<[A-Za-z][\w .:-]*>|\b(?:YOUR|REPLACE|INSERT|ENTER|PUT|CHANGE|FILL)(?:[-_]?(?:ME|THIS|IT|IN))?(?:[-_ ][-_A-Z\d]+|\b)/;

/** The same in small letters, where words of real names must not be hit: `enterprise.example`, `change.org`. */
const SPOKEN =
  /\b(?:change-?me|replace-?me|todo|tbd|fixme)\b|\b(?:x{1,3}\.){3}x{1,3}\b|\byour[-_.]?(?:public|private|external|server|domain|realm|secret|ip|host|turn|address|name)[\w.-]*/i;

/** The first piece of template syntax in the line, or null. */
export const templateIn = (entry: ConfigEntry): string | null =>
  TEMPLATE.exec(entry.rawValue ?? '')?.[0] ?? RENDERED.exec(entry.source)?.[0] ?? null;

/** Whether the value is known only after a program has rendered the file, so that nothing can be said about it. */
export const isRendered = (entry: ConfigEntry): boolean => RENDERED.test(entry.source);

/** The placeholder in the value, or null. A secret is masked, so its traits say it. */
export function placeholderIn(entry: ConfigEntry): string | null {
  if (entry.secret?.placeholder) return entry.rawValue;
  const text = entry.rawValue ?? '';
  return SHOUTED.exec(text)?.[0] ?? SPOKEN.exec(text)?.[0] ?? null;
}
