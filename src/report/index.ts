import type { Rendering, Report } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { renderGithub } from './github.ts';
import { renderHuman } from './human.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderSarif } from './sarif.ts';
import { escapedJson, withVisibleControls } from './visible.ts';

type Renderer = (report: Report, rendering: Rendering, rules: readonly Rule[]) => string;

/** Every `--format`, by name. */
const RENDERERS = {
  human: renderHuman,
  json: renderJson,
  junit: renderJunit,
  sarif: renderSarif,
  github: renderGithub,
} as const satisfies Record<string, Renderer>;

export type ReportFormat = keyof typeof RENDERERS;

/** The report as text that is safe to print on a terminal. */
export function renderReport(
  format: ReportFormat,
  report: Report,
  rendering: Rendering,
  rules: readonly Rule[],
): string {
  const render: Renderer = RENDERERS[format];
  return format === 'json' || format === 'sarif'
    ? escapedJson(render(report, rendering, rules))
    : render(withVisibleControls(report), rendering, rules);
}
