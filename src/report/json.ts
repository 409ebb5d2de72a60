import type { Observation } from '../model/observation.ts';
import type { Check, Report } from '../model/report.ts';
import { formatAddress } from '../model/transport.ts';

/** The document of `--json`: one object, `schemaVersion` 1. Keys are only ever added. */
export function jsonDocument(report: Report) {
  return {
    schemaVersion: 1,
    tool: report.tool,
    command: report.command,
    observedAt: report.observedAt,
    target: report.target,
    ...(report.judgedAs === undefined ? {} : { judgedAs: report.judgedAs }),
    verdict: report.verdict,
    checks: report.checks.map(checkOf),
    observations: report.observations.map(observationOf),
    ...(report.endpoint === undefined ? {} : { endpoint: report.endpoint }),
    timingsMs: report.timingsMs,
    ...(report.transcript === undefined ? {} : { transcript: report.transcript }),
    ...(report.coldstart === undefined ? {} : { coldstart: report.coldstart }),
    ...(report.gatherings === undefined ? {} : { gatherings: report.gatherings }),
    ...(report.service === undefined ? {} : { service: report.service }),
    ...(report.log === undefined ? {} : { log: report.log }),
    ...(report.facts === undefined ? {} : { facts: report.facts }),
  };
}

const checkOf = ({ id, title, severity, outcome, reason, explainedBy, inBaseline, findings }: Check) => ({
  id,
  title,
  severity,
  outcome,
  ...(reason === undefined ? {} : { reason }),
  ...(explainedBy === undefined ? {} : { explainedBy }),
  ...(inBaseline === undefined ? {} : { inBaseline }),
  findings,
});

function observationOf(observation: Observation) {
  const { probe, uri, transport, server, outcome, stagesMs, ...detail } = observation;
  const address = server === undefined ? null : formatAddress(server);
  return { probe, uri, address, transport, outcome, stagesMs, ...detail };
}

export const renderJson = (report: Report): string => `${JSON.stringify(jsonDocument(report), null, 2)}\n`;
