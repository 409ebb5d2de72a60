import type { Fact } from '../model/fact.ts';
import type { LogFact, ServiceFact } from '../model/facts.ts';

/** Where the log that is really written can be read. */
export type LogSource =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'journal';
      readonly unit: string;
      /** Only what was sent to syslog: coturn goes on writing the same to its output, from 4.17 on late and in blocks. */
      readonly syslogOnly: boolean;
    }
  | { readonly kind: 'container'; readonly engine: 'docker' | 'podman'; readonly name: string }
  | { readonly kind: 'none'; readonly reason: string };

/** The file that coturn writes, its journal, or the log of its container. */
export function logSourceOf(log: Fact<LogFact>, service: Fact<ServiceFact>): LogSource {
  if (!log.known) return { kind: 'none', reason: log.reason };
  const { actual, deleted, destination } = log.value;
  if (deleted)
    return {
      kind: 'none',
      reason: `${actual} was deleted while coturn writes into it: send it SIGHUP, so that it opens a new one`,
    };
  if (actual !== null) return { kind: 'file', path: actual };
  if (destination === 'file') return { kind: 'none', reason: 'no log file of coturn was found' };
  if (destination === 'nowhere')
    return { kind: 'none', reason: 'the output of the service is discarded, and no log-file is set' };
  if (!service.known) return { kind: 'none', reason: service.reason };
  const { manager, name, engine = 'docker' } = service.value;
  if (manager === 'systemd') return { kind: 'journal', unit: name, syslogOnly: destination === 'syslog' };
  if (manager === 'docker') return { kind: 'container', engine, name };
  return { kind: 'none', reason: 'coturn writes to a terminal or pipe of whoever started it' };
}

/** In words, for the report. */
export function describeSource(source: LogSource): string {
  switch (source.kind) {
    case 'file':
      return source.path;
    case 'journal':
      return `journal of ${source.unit}`;
    case 'container':
      return `log of the container ${source.name}`;
    case 'none':
      return source.reason;
  }
}
