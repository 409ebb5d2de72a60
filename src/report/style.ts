import { Chalk, type ChalkInstance } from 'chalk';
import type { Severity } from '../model/finding.ts';
import type { Rendering } from '../model/report.ts';

/** Colours and signs of one rendering; without colour every function returns its text as it is. */
export interface Style {
  readonly chalk: ChalkInstance;
  readonly sign: Readonly<
    Record<'failed' | 'passed' | 'skipped' | 'info' | 'warning' | 'arrow' | 'dash', string>
  >;
  severity(severity: Severity, text: string): string;
  /** The sign of a severity, uncoloured. */
  mark(severity: Severity): string;
}

export function styleOf({ color, unicode }: Rendering): Style {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const sign = unicode
    ? { failed: '✗', passed: '✓', skipped: '·', info: 'i', warning: '!', arrow: '└', dash: '–' }
    : { failed: 'x', passed: '+', skipped: '.', info: 'i', warning: '!', arrow: '`-', dash: '-' };
  const paint = { error: chalk.red, warning: chalk.yellow, info: chalk.cyan };
  const marks = { error: sign.failed, warning: sign.warning, info: sign.info };
  return {
    chalk,
    sign,
    severity: (severity, text) => paint[severity](text),
    mark: severity => marks[severity],
  };
}
