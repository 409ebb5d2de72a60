import type { Check, Rendering, Report } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { renderByFile } from './by-file.ts';
import { renderCard } from './card.ts';
import { renderColdstart } from './coldstart.ts';
import { renderDetails } from './details/index.ts';
import { renderTrials } from './details/turn-trial.ts';
import { renderGatherings } from './gatherings.ts';
import { renderHeadline } from './headline.ts';
import { renderLogs } from './logs.ts';
import { renderMatrix } from './matrix.ts';
import { renderService } from './service.ts';
import { type Style, styleOf } from './style.ts';
import { joinBlocks, readableWidth } from './text.ts';
import { renderTranscript } from './transcript.ts';
import { renderUnchecked } from './unchecked.ts';

/** The report for a person: verdict first, then each cause with its symptoms, the matrix, and what was not checked. */
export function renderHuman(report: Report, rendering: Rendering, rules: readonly Rule[]): string {
  const style = styleOf(rendering);
  const width = readableWidth(rendering);
  const severalFiles = report.sources.length > 1;
  const blocks = [
    renderHeadline(report, width, style),
    report.service === undefined ? [] : renderService(report.service, width, style),
    ...(severalFiles
      ? renderByFile(report, width, style)
      : causesOf(report).map(check =>
          renderCard(
            {
              check,
              symptoms: report.checks.filter(symptom => symptom.explainedBy === check.id),
              rule: rules.find(rule => rule.id === check.id),
              report,
              width,
            },
            style,
          ),
        )),
    report.gatherings === undefined ? [] : renderGatherings(report.gatherings, width, style),
    report.coldstart === undefined ? [] : renderColdstart(report.coldstart, width, style),
    report.log === undefined ? [] : renderLogs(report.log, { ...rendering, width }, style),
    renderMatrix(report.observations, { ...rendering, width }, style),
    // A diagnosis says what matters of a probe in its findings; a probe was asked for nothing but what it sent.
    report.command.startsWith('probe ')
      ? renderDetails(report, width, style)
      : renderUnchecked(report, width, style),
    report.command.startsWith('probe ') ? renderTrials(report.observations, width, style) : [],
    renderTranscript(report.transcript ?? [], { ...rendering, width }, style),
    renderFooter(report, severalFiles, style),
  ];
  return joinBlocks(blocks);
}

const causesOf = (report: Report): Check[] =>
  report.verdict.causes.flatMap(id => report.checks.filter(check => check.id === id));

function renderFooter(
  { verdict, timingsMs, checks, command }: Report,
  severalFiles: boolean,
  { chalk }: Style,
): string[] {
  const [first] = verdict.causes;
  const hint = severalFiles
    ? `turnctl ${command} FILE shows the lines and the remedies`
    : `turnctl explain ${first}`;
  const crashed = checks.some(check => check.outcome === 'crashed');
  const why = verdict.exitCode === 3 && crashed ? ' (a rule crashed)' : '';
  const ended = `exit ${verdict.exitCode}${why}, ${(timingsMs.total / 1000).toFixed(2)} s`;
  return [chalk.dim(first === undefined ? ended : `More: ${hint}   ${ended}`)];
}
