import type { FirewallSection } from '../model/firewall.ts';
import type { ExitCode, Report, Verdict } from '../model/report.ts';
import { renderFirewallShow, shutPorts } from '../report/firewall.ts';
import { renderReport } from '../report/index.ts';
import { jsonDocument } from '../report/json.ts';
import { capFindings } from '../rules/cap-findings.ts';
import { rules } from '../rules/index.ts';
import { runRules } from '../rules/run.ts';
import { judge } from '../rules/verdict.ts';
import { listed } from '../util/text.ts';
import { judgeWithBaseline } from './baseline-file.ts';
import { exitCodeOf } from './exit-code.ts';
import { type FirewallOptions, surveyFirewall } from './firewall-survey.ts';
import type { Io } from './io.ts';
import { judgingBy } from './judging.ts';
import { formatOf, type ReportOptions } from './options.ts';
import { printDocument, printText } from './print-document.ts';

/** Compares what is needed with what is in force. 1 when something needed is shut. @throws {UsageError} {HostError} */
export async function runFirewallShow(options: FirewallOptions & ReportOptions, io: Io): Promise<number> {
  const started = io.clock.monotonic();
  const own = rules.filter(({ id }) => id.startsWith('firewall/'));
  const files = options.config ? [options.config] : [];
  const judging = await judgingBy(options, { rules: own, files }, io);
  const { facts, section } = await surveyFirewall({ ...options, asVersion: judging.asVersion }, io);
  if (io.signal.aborted) return 130;
  const checks = await judgeWithBaseline(
    before => runRules(judging.rules, facts, Date.parse(facts.observedAt), before),
    judging,
    io,
  );
  const judged = exitCodeOf(checks, judging.failOn, false);
  const isShut = shutPorts(section).length > 0;
  const exitCode: ExitCode = judged === 0 && judging.failOn !== 'never' && isShut ? 1 : judged;
  const report: Report = {
    tool: { name: 'turnctl', version: io.version },
    command: 'firewall show',
    observedAt: facts.observedAt,
    target: { host: io.host.name, note: 'this host' },
    ...(facts.version.known ? { judgedAs: facts.version.value } : {}),
    verdict: verdictOf(section, judge({ checks, exitCode, allWell: ALL_WELL }, rules)),
    checks: capFindings(checks),
    observations: [],
    timingsMs: { total: Math.round(io.clock.monotonic() - started) },
    sources: facts.config.known ? [facts.config.value] : [],
  };
  const format = formatOf(options);
  if (format === 'json') await printDocument({ ...jsonDocument(report), firewall: section }, options, io);
  else if (format === 'human')
    await printText(rendering => renderFirewallShow(report, section, rendering), options, io);
  else await printText(rendering => renderReport(format, report, rendering, rules), options, io);
  return exitCode;
}

const ALL_WELL = 'The firewall of this host lets in all that coturn needs';

/** A port that only strangers are kept from is shut as well, which the rules leave undecided. */
function verdictOf(section: FirewallSection, verdict: Verdict): Verdict {
  const shut = shutPorts(section);
  if (shut.length === 0) return verdict;
  return {
    ...verdict,
    status: 'findings',
    headline: `Clients or peers do not get in: the firewall shuts ${listed(shut)}`,
  };
}
