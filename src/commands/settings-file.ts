import { dirname, join } from 'node:path';
import { parse } from 'ini';
import { type Host, HostError } from '../host/host.ts';
import type { FailOn } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import type { Override } from '../rules/override-severities.ts';
import type { Io } from './io.ts';
import { FAIL_ON } from './options.ts';
import { closest } from './suggestion.ts';
import { UsageError } from './usage-error.ts';

/** What `turnctl.ini` says; flags of the command line count for more. */
export interface SettingsFile {
  readonly severity: Readonly<Record<string, Override>>;
  readonly failOn?: FailOn;
  readonly asVersion?: string;
}

const NAME = 'turnctl.ini';
const SEVERITIES = ['error', 'warning', 'info', 'off'] as const satisfies readonly Override[];

/** Group and others may write. */
const SHARED = 0o022;

/**
 * The settings file asked for, else `turnctl.ini` beside the first of these files, else in the working directory, else
 * nothing. @throws {UsageError} for what it does not know, {HostError} when it cannot be read
 */
export async function readSettingsFile(
  asked: string | undefined,
  files: readonly string[],
  rules: readonly Rule[],
  io: Io,
): Promise<SettingsFile> {
  // Files of another host have nothing beside them here.
  const beside = io.remote === null ? files.filter(file => file !== '-').slice(0, 1) : [];
  const places = asked === undefined ? [...beside.map(file => join(dirname(file), NAME)), NAME] : [asked];
  for (const path of places) {
    const text = asked === undefined ? await readIfOurs(path, io) : await readText(path, io.localHost);
    if (text !== null) return interpret(parse(text), path, rules);
  }
  return { severity: {} };
}

const readText = async (path: string, host: Host): Promise<string> =>
  new TextDecoder().decode(await host.readFile(path));

/** A file that was only come across counts when nobody but root, or who runs turnctl, can have written it. */
async function readIfOurs(path: string, { localHost: host, uid, stderr }: Io): Promise<string | null> {
  const text = await readText(path, host).catch(absent);
  if (text === null) return null;
  const status = await host.status(path);
  if ((status.uid === 0 || status.uid === uid) && (status.mode & SHARED) === 0) return text;
  stderr(`turnctl: ${path} is not used, because others may write it: name it with --settings\n`);
  return null;
}

function absent(error: unknown): null {
  if (error instanceof HostError && error.code === 'not-found') return null;
  throw error;
}

/** `parse` of ini gives `true` for a key without a value, and nested objects for names with dots. */
function interpret(
  ini: Readonly<Record<string, unknown>>,
  path: string,
  rules: readonly Rule[],
): SettingsFile {
  const unknown = Object.keys(ini).find(section => section !== 'severity' && section !== 'defaults');
  if (unknown !== undefined) {
    throw new UsageError(`${path}: unknown ${unknown}`, 'Sections are [severity] and [defaults].');
  }
  const severity = Object.entries(sectionOf(ini, 'severity', path)).map(([name, value]) => {
    const known = rules.some(({ id }) => id === name || id.startsWith(`${name}/`));
    if (!known)
      throw unknownKey(
        path,
        `[severity] ${name}`,
        closest(
          name,
          rules.map(({ id }) => id),
        ),
      );
    return [name, oneOf(SEVERITIES, value, `${path}: [severity] ${name}`)] as const;
  });
  const { 'fail-on': failOn, 'as-version': asVersion, ...rest } = sectionOf(ini, 'defaults', path);
  const [stranger] = Object.keys(rest);
  if (stranger !== undefined) {
    throw unknownKey(path, `[defaults] ${stranger}`, closest(stranger, ['fail-on', 'as-version']));
  }
  return {
    severity: Object.fromEntries(severity),
    ...(failOn === undefined ? {} : { failOn: oneOf(FAIL_ON, failOn, `${path}: [defaults] fail-on`) }),
    ...(asVersion === undefined ? {} : { asVersion: String(asVersion) }),
  };
}

function sectionOf(
  ini: Readonly<Record<string, unknown>>,
  name: string,
  path: string,
): Record<string, unknown> {
  const section = ini[name] ?? {};
  if (typeof section === 'object') return section as Record<string, unknown>;
  throw new UsageError(`${path}: ${name} is a section`, `Write [${name}] on a line of its own.`);
}

function oneOf<T extends string>(choices: readonly T[], value: unknown, where: string): T {
  const found = choices.find(choice => choice === value);
  if (found !== undefined) return found;
  throw new UsageError(`${where} is ${JSON.stringify(value)}`, `It may be ${choices.join(', ')}.`);
}

const unknownKey = (path: string, key: string, near: string | undefined): UsageError =>
  new UsageError(
    `${path}: unknown ${key}`,
    near === undefined ? 'turnctl explain lists the rules.' : `Did you mean ${near}?`,
  );
