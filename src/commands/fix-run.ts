import type { Journal } from '../fixes/journal.ts';
import { type Outcome, transact } from '../fixes/transaction.ts';
import { HostError } from '../host/host.ts';
import type { Plan } from '../model/plan.ts';
import type { ExitCode, Rendering, Report } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { type FixResult, renderFixPlan, renderFixResult } from '../report/fix.ts';
import { renderReport } from '../report/index.ts';
import { jsonDocument } from '../report/json.ts';
import { rootCauses } from '../rules/verdict.ts';
import { isServing, whyWorse } from '../rules/worse.ts';
import { confirmAccess } from './confirm-access.ts';
import { fileChanges } from './file-changes.ts';
import { type FixPlan, planFix } from './fix-plan.ts';
import { type FixSurvey, surveyForFix } from './fix-survey.ts';
import { inSoundJournal, sleep } from './in-journal.ts';
import type { Io } from './io.ts';
import { exitCodeFor, hostJudge, type JudgedHost } from './judge-host.ts';
import { judgedReport } from './judged-report.ts';
import { judgingBy } from './judging.ts';
import { formatOf, type ReportOptions, type WireOptions } from './options.ts';
import { printDocument, printText } from './print-document.ts';
import type { PublicIpOptions } from './public-ip.ts';
import { selectRules } from './rule-selection.ts';

export interface FixOptions extends ReportOptions, WireOptions, PublicIpOptions {
  readonly names: readonly string[];
  readonly plan?: boolean;
  readonly yes?: boolean;
  readonly confirm?: string;
  readonly config?: string;
}

/** How long a server may take until it answers all that it answered before. */
const SERVE_MS = 20_000;
/** The same, when its service manager has given up waiting already. */
const SERVE_AFTER_FAILURE_MS = 3_000;
const ASK_AGAIN_MS = 300;

/** One call of `fix`: how to look at the host, and how to print. */
interface Session {
  readonly options: FixOptions;
  readonly io: Io;
  readonly report: (judged: JudgedHost, exitCode: ExitCode) => Promise<Report>;
  readonly look: () => Promise<JudgedHost>;
  readonly exitCodeOf: (judged: JudgedHost) => ExitCode;
  readonly planFor: (before: JudgedHost) => Promise<Planned>;
}

interface Planned extends FixPlan {
  readonly survey: FixSurvey;
}

async function openSession(options: FixOptions, all: readonly Rule[], io: Io): Promise<Session> {
  const started = io.clock.monotonic();
  const files = options.config === undefined ? [] : [options.config];
  const judging = await judgingBy(options, { rules: all, files }, io);
  const named =
    options.names.length === 0 ? [] : selectRules(all, { only: options.names }).map(({ id }) => id);
  return {
    options,
    io,
    async report({ facts }, exitCode) {
      const target = { host: io.host.name, note: 'this host' };
      const report = await judgedReport(
        { facts, targets: [] },
        judging,
        { command: 'fix', target, started },
        io,
      );
      return { ...report, verdict: { ...report.verdict, exitCode } };
    },
    look: await hostJudge(options, judging, io),
    exitCodeOf: judged => exitCodeFor(judged, judging.failOn),
    async planFor({ facts, checks }) {
      const survey = await surveyForFix(facts, options, io);
      const now = Date.parse(facts.observedAt);
      return { ...planFix({ ...survey, facts, checks, rules: judging.rules, now, named }), survey };
    },
  };
}

/** @throws {HostError} where there is nothing to mend */
function found(judged: JudgedHost): JudgedHost {
  if (judged.nothing === undefined) return judged;
  throw new HostError('not-found', judged.nothing, { hint: 'Run turnctl on the host of the server.' });
}

/** Prints the plan. @throws {UsageError} {HostError} */
export async function showPlan(options: FixOptions, all: readonly Rule[], io: Io): Promise<number> {
  const session = await openSession(options, all, io);
  const before = found(await session.look());
  const planned = await session.planFor(before);
  await print(session, { before, planned });
  return session.exitCodeOf(before);
}

/** Under the lock of the host: what a killed run left is undone first. @throws {UsageError} {HostError} */
export async function applyFix(options: FixOptions, all: readonly Rule[], io: Io): Promise<number> {
  const session = await openSession(options, all, io);
  return inSoundJournal('fix', io, journal => fixUnderLock(session, journal));
}

async function fixUnderLock(session: Session, journal: Journal): Promise<number> {
  const { io, options, exitCodeOf, look } = session;
  const before = found(await look());
  const planned = await session.planFor(before);
  if (io.signal.aborted) return 130;
  if (isEmpty(planned.plan)) {
    await print(session, { before, planned });
    return exitCodeOf(before);
  }
  const isForPerson = formatOf(options) === 'human' && options.output === undefined;
  if (isForPerson) await print(session, { before, planned });
  else if (options.yes !== true) io.stderr(planText(planned, io)(io.rendering));
  if (options.yes !== true && !(await isAgreed(io))) {
    io.stderr('turnctl: nothing was changed\n');
    return exitCodeOf(before);
  }
  let after = before;
  const outcome = await transact(journal, planned.plan, {
    command: 'fix',
    now: io.clock.now,
    signal: io.signal,
    onStep: step => io.progress.update(step === 'activate' ? 'starting coturn anew' : step.why),
    verify: async failure => {
      const waitMs = failure === null ? SERVE_MS : SERVE_AFTER_FAILURE_MS;
      after = await lookUntilServing(session, before, planned.plan, waitMs);
      return whyWorse(before, after);
    },
    confirm: run => confirmAccess(run, io),
  });
  if (outcome.state === 'undone') after = await lookUntilServing(session, before, planned.plan, SERVE_MS);
  const code = exitCodeAfter(outcome, exitCodeOf(after));
  await print(session, { before, planned, after, outcome, code, isPlanShown: isForPerson });
  return code;
}

const isEmpty = ({ steps, activate = [] }: Plan): boolean => steps.length === 0 && activate.length === 0;

const isAgreed = async ({ dialogue, progress }: Io): Promise<boolean> => {
  progress.stop();
  const answer = (await dialogue?.(ask => ask('Do it? [y/N] '))) ?? '';
  return /^y(es)?$/i.test(answer);
};

function exitCodeAfter({ state }: Outcome, judged: ExitCode): ExitCode {
  if (state === 'undone') return 4;
  return state === 'half-undone' ? 3 : judged;
}

/** Asks the server on the wire until it answers as before, twice the same; what was started anew opens port by port. */
async function lookUntilServing(
  { look, io }: Session,
  before: JudgedHost,
  { activate = [] }: Plan,
  waitMs: number,
): Promise<JudgedHost> {
  let judged = await look();
  if (activate.length === 0) return judged;
  const untilMs = io.clock.monotonic() + waitMs;
  while (io.clock.monotonic() < untilMs && !io.signal.aborted) {
    await sleep(ASK_AGAIN_MS, io);
    const again = await look();
    const isSettled =
      isServing(before.facts, judged.facts) &&
      isServing(judged.facts, again.facts) &&
      sameFaults(judged, again);
    judged = again;
    if (isSettled) break;
  }
  return judged;
}

const sameFaults = (a: JudgedHost, b: JudgedHost): boolean => faultsOf(a) === faultsOf(b);

const faultsOf = ({ checks }: JudgedHost): string =>
  checks
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ id }) => id)
    .join();

interface Printed {
  readonly before: JudgedHost;
  readonly planned: Planned;
  readonly after?: JudgedHost;
  readonly outcome?: Outcome;
  readonly code?: ExitCode;
  readonly isPlanShown?: boolean;
}

async function print(session: Session, printed: Printed): Promise<void> {
  const { options, io } = session;
  const { before, planned, after, outcome } = printed;
  const judged = after ?? before;
  const exitCode = printed.code ?? session.exitCodeOf(judged);
  const report = await session.report(judged, exitCode);
  const result = outcome === undefined ? undefined : resultOf(outcome, before, judged);
  const format = formatOf(options);
  if (format === 'json') {
    const { plan, left, notes } = planned;
    const run = result === undefined ? null : result;
    const open = left.map(({ id }) => id);
    await printDocument({ ...jsonDocument(report), plan, left: open, notes, run }, options, io);
    return;
  }
  if (format !== 'human') {
    await printText(rendering => renderReport(format, report, rendering, []), options, io);
    return;
  }
  await printText(
    rendering =>
      [
        ...(printed.isPlanShown === true ? [] : [planText(planned, io)(rendering)]),
        ...(result === undefined ? [] : [renderFixResult(result, rendering)]),
      ].join('\n'),
    options,
    io,
  );
}

function planText(planned: Planned, { host }: Io): (rendering: Rendering) => string {
  const changes = fileChanges(planned.plan, planned.survey.file);
  return rendering => renderFixPlan(planned, { host: host.name, changes }, rendering);
}

function resultOf(outcome: Outcome, before: JudgedHost, after: JudgedHost): FixResult {
  if (outcome.state === 'undone' || outcome.state === 'half-undone') return outcome;
  return { ...outcome, causesBefore: causesOf(before), causesAfter: causesOf(after) };
}

const causesOf = ({ checks }: JudgedHost): number =>
  rootCauses(checks).filter(({ severity }) => severity !== 'info').length;
