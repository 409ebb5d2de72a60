import { createHmac } from 'node:crypto';
import type { Facts } from '../model/facts.ts';
import { MASK } from '../util/mask.ts';

/** Names that stand for no person, or that are words of coturn, of this report and of every system. */
const ORDINARY = new Set(
  (
    'root turnserver coturn turn turns stun stuns admin administrator user users username guest test tester demo client ' +
    'clients peer server host relay allocate allocation session realm nobody daemon systemd nogroup www-data nginx apache ' +
    'postgres mysql redis mongo node docker unknown none null true false anonymous unauthorized error info warning debug ' +
    'host-facts with name from for the and not found closed connected incoming missing denied refused failed invalid ' +
    'expired forbidden wrong success disabled enabled active inactive'
  ).split(' '),
);

const CONTEXTS = [
  /\b(?:user|usr|username)[ =:]*<([^<>\s]{1,200})>/gi,
  /\b(?:user|usr|user_?name|user_?id|login|account)["']?\s*[=:]\s*["']?([^\s"',;<>&()]{1,200})/gi,
  /\bsession \d+: .*?\buser <([^>\s]{1,200})>/g,
  /([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)/g,
  /(?<![\d.])\d{10,13}:([\w.@+-]{1,200})/g,
  /(?<![\w.@+-])([\w.@+-]{1,200}):\d{10}(?!\d)/g,
] as const;

/** User names that a text mentions, as far as they are recognised by what stands around them. */
export const userNamesIn = (text: string): readonly string[] =>
  CONTEXTS.flatMap(pattern => [...text.matchAll(pattern)]).flatMap(([, name = '']) => partsOf(name));

/** User names in the configuration, in the credential and in the endpoint's answer. */
export function userNamesOf({ config, credential, endpoint }: Facts): readonly string[] {
  const configured = config.known ? config.value.entries : [];
  const answered = endpoint.known && endpoint.value.outcome === 'answered' ? endpoint.value.username : null;
  return [
    ...configured
      .filter(({ name }) => name === 'user' || name === 'u')
      .map(({ value }) => value?.split(':')[0] ?? ''),
    credential.known ? credential.value.username : '',
    answered ?? '',
  ].flatMap(partsOf);
}

/** Of `expiry:name` the name: the time is not about anybody. */
export const partsOf = (name: string): readonly string[] => name.split(':').filter(isPersonal);

/** Numbers are ports, times and ids; they would be found everywhere. */
const isPersonal = (name: string): boolean =>
  name.length >= 3 &&
  name !== MASK &&
  !/^[*\d.]+$/.test(name) &&
  // The users of turnctl's own probes are nobody.
  !/^https?$|^\/|^turnctl(?:-\d+)?$/.test(name) &&
  !ORDINARY.has(name.toLowerCase());

/** Puts a token in the place of each user name; the same in every text, and the same for the same key. */
export interface UserTokens {
  replace(text: string): string;
  /** Each name as asterisks, where the length must stay. Text and names in Latin-1, one character a byte of UTF-8. */
  cover(text: string): string;
  /** Of each name that was met, what stands in its place. */
  readonly map: ReadonlyMap<string, string>;
}

export function userTokens(key: Uint8Array, names: readonly string[]): UserTokens {
  const map = new Map<string, string>();
  const distinct = [...new Set(names)].sort((a, b) => b.length - a.length);
  if (distinct.length === 0) return { map, replace: text => text, cover: text => text };
  const pattern = wordsOf(distinct);
  const inBytes = wordsOf(distinct.map(name => Buffer.from(name).toString('latin1')));
  const digest = (name: string): string => createHmac('sha256', key).update(`user ${name}`).digest('hex');
  return {
    map,
    replace: text =>
      text.replace(pattern, name => {
        const token = map.get(name) ?? `user-${digest(name).slice(0, 8)}`;
        map.set(name, token);
        return token;
      }),
    cover: text => text.replace(inBytes, name => '*'.repeat(name.length)),
  };
}

const wordsOf = (names: readonly string[]): RegExp =>
  new RegExp(`(?<![A-Za-z0-9])(?:${names.map(escaped).join('|')})(?![A-Za-z0-9])`, 'g');

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
