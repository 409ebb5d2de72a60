import { orNull } from '../host/attempt.ts';
import type { Host } from '../host/host.ts';
import { parseEnvironment } from '../host/systemd.ts';
import type { Facts } from '../model/facts.ts';
import { secretsIn } from './secret-harvest.ts';

const SENSITIVE = /secre?t|pass|pwd|token|key|cred|auth|dsn|url|uri/i;

/**
 * Secrets that this host gives to coturn and to the application where no file of the bundle shows them: environments of
 * processes and of units, their environment files, command lines. Empty where this user may not look.
 */
export async function secretsOfHost(
  host: Host,
  facts: Facts,
  backendUnit: string | undefined,
): Promise<readonly string[]> {
  const service =
    facts.service.known && facts.service.value.manager === 'systemd' ? [facts.service.value.name] : [];
  const units = [...service, ...(backendUnit === undefined ? [] : [backendUnit])];
  const shown = await Promise.all(units.map(unit => showUnit(host, unit)));
  const pids = new Set([
    ...(facts.processes.known ? facts.processes.value.map(({ pid }) => pid) : []),
    ...shown.map(({ pid }) => pid).filter(pid => pid > 0),
  ]);
  const files = shown.flatMap(({ environmentFiles }) => environmentFiles);
  const [environments, commandLines, texts] = await Promise.all([
    Promise.all([...pids].map(pid => readText(host, `/proc/${pid}/environ`))),
    Promise.all([...pids].map(pid => readText(host, `/proc/${pid}/cmdline`))),
    Promise.all(files.map(path => readText(host, path))),
  ]);
  const variables = [
    ...environments.flatMap(text => text.split('\0')).map(assignment),
    ...[...texts, ...shown.map(({ environment }) => environment)].flatMap(text =>
      Object.entries(parseEnvironment(text)),
    ),
  ];
  const words = commandLines.map(text => text.replaceAll('\0', ' '));
  return [
    ...variables
      .filter(([name, value]) => SENSITIVE.test(name) && !/url|uri|dsn/i.test(name) && !value.startsWith('/'))
      .map(([, value]) => value)
      .filter(value => !/^[\d.]+$/.test(value)),
    ...variables.flatMap(([name, value]) => secretsIn(`${name}=${value}`)),
    ...words.flatMap(secretsIn),
  ];
}

function assignment(text: string): readonly [name: string, value: string] {
  const equals = text.indexOf('=');
  return [text.slice(0, Math.max(0, equals)), text.slice(equals + 1)];
}

const readText = async (host: Host, path: string): Promise<string> =>
  Buffer.from((await orNull(() => host.readFile(path, { maxBytes: 1 << 20 }))) ?? []).toString();

async function showUnit(host: Host, unit: string) {
  const argv = ['systemctl', 'show', unit, '--property=Environment,EnvironmentFiles,MainPID'];
  const result = await orNull(() => host.run(argv));
  const lines = result?.exitCode === 0 ? result.stdout.split('\n') : [];
  const valuesOf = (name: string) =>
    lines.filter(line => line.startsWith(`${name}=`)).map(line => line.slice(name.length + 1));
  return {
    environment: valuesOf('Environment').join('\n').replaceAll(' ', '\n'),
    environmentFiles: valuesOf('EnvironmentFiles').map(value => value.replace(/ \(ignore_errors=\w+\)$/, '')),
    pid: Number(valuesOf('MainPID')[0] ?? 0),
  };
}
