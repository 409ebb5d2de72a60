import { attempt, orNull } from '../host/attempt.ts';
import type { Host } from '../host/host.ts';
import { messagesOf } from '../host/journald.ts';
import { type Fact, known, unknown } from '../model/fact.ts';
import type { LogFact, LogLinesFact, ServiceFact } from '../model/facts.ts';
import { maskSecrets } from '../util/mask.ts';

const LINES = 200;
/** Bounded in bytes, so that a file without line ends is no trouble: some 500 lines of coturn. */
const TAIL_BYTES = 64 * 1024;

/** The end of coturn's log, from the file it writes or from its journal. */
export async function gatherLogLines(
  host: Host,
  log: Fact<LogFact>,
  service: Fact<ServiceFact>,
): Promise<Fact<LogLinesFact>> {
  if (!log.known) return log;
  const { destination, actual, deleted } = log.value;
  if (deleted) return unknown(`${actual} was deleted while coturn writes into it`);
  if (actual !== null) return readTail(host, actual);
  if (destination === 'file') return unknown('no log file of coturn was found');
  if (destination === 'nowhere') return unknown('the output of the service is discarded');
  return fromJournal(service);
}

async function readTail(host: Host, path: string): Promise<Fact<LogLinesFact>> {
  // tail would wait for the writer of a pipe.
  const status = await orNull(() => host.status(path));
  if (status?.kind !== 'file') return unknown(`${path} is no file that can be read`);
  const result = await attempt(() => host.run(['tail', `--bytes=${TAIL_BYTES}`, '--', path]));
  if (!result.known) return result;
  if (result.value.exitCode !== 0) return unknown(result.value.stderr.trim());
  const lines = result.value.stdout.split('\n');
  // Its first line is only the end of one, unless the whole file is here.
  const whole = status.sizeBytes > TAIL_BYTES ? lines.slice(1) : lines;
  return known({ source: path, lines: whole.filter(Boolean).slice(-LINES).map(maskSecrets) });
}

function fromJournal(service: Fact<ServiceFact>): Fact<LogLinesFact> {
  if (!service.known) return service;
  const { journal, manager, name } = service.value;
  if (!journal.known) return journal;
  const lines = manager === 'systemd' ? messagesOf('turnserver', journal.value) : journal.value;
  return known({
    source: manager === 'systemd' ? `journal of ${name}` : `log of the container ${name}`,
    lines,
  });
}
