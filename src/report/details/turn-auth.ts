import type { AuthObservation, AuthTry, ClockBounds } from '../../model/observations/turn-auth.ts';
import { plural } from '../../util/text.ts';

type Complete = Extract<AuthObservation, { outcome: 'complete' }>;

/** Whom the server lets in, and whom it does not. */
export function describeAuth(observation: AuthObservation): readonly string[] {
  if (observation.outcome === 'unchallenged') return ['authentication: nobody is asked for credentials'];
  if (observation.outcome !== 'complete') return [];
  const { given, wrong, clock, guessed, outlived, refusals } = observation;
  return [
    `realm ${observation.challenge.realm || '(none)'}; ${mechanismOf(observation.challenge)}`,
    ...given.map(tried => `${tried.label}: ${answerOf(tried)}`),
    ...(given.length === 0 ? ['no credentials were given: nothing that must be accepted was tried'] : []),
    'wrong credentials, which must be refused:',
    ...wrong.map(tried => `  ${tried.kind.replaceAll('-', ' ').padEnd(18)}${answerOf(tried)}`),
    ...sizesOf(wrong),
    ...(clock ? [`clock: ${clockOf(clock)}`] : []),
    ...(guessed
      ? [
          `weak secrets: ${guessed.accepted.length === 0 ? 'none' : guessed.accepted.join(', ')} of ${guessed.tried} accepted`,
        ]
      : []),
    ...(outlived ? [`allocation after its credential expired: ${outlivedOf(outlived)}`] : []),
    `${plural(refusals, 'request')} refused in all, which a rate limit or fail2ban may count`,
  ];
}

function mechanismOf({ announced, passwordAlgorithms, thirdParty }: Complete['challenge']): string {
  const names = (passwordAlgorithms ?? []).map(
    number => ({ 1: 'MD5', 2: 'SHA-256' })[number] ?? `algorithm ${number}`,
  );
  const hashes = announced.passwordAlgorithms
    ? names.length > 0
      ? `password algorithms ${names.join(', ')}`
      : 'password algorithms announced and removed on the way (bid-down)'
    : 'MD5 and SHA-1, no choice of algorithms (RFC 8489)';
  return [
    hashes,
    ...(announced.usernameAnonymity ? ['USERHASH'] : []),
    ...(thirdParty === undefined ? [] : [`OAuth of ${thirdParty}, not tried`]),
  ].join('; ');
}

function answerOf({ answer, ms }: AuthTry): string {
  if (answer === null) return 'no answer';
  const time = ms === null ? '' : ` in ${ms.toFixed(1)} ms`;
  return `${answer === 'accepted' ? 'accepted' : `refused with ${answer}`}${time}`;
}

/** Answers of two sizes tell a stranger which user names there are; times of single answers tell nothing. */
function sizesOf(wrong: Complete['wrong']): string[] {
  const sizeOf = (kind: string) => wrong.find(tried => tried.kind === kind && tried.answer !== null);
  const [unknown, known] = [sizeOf('unknown-user'), sizeOf('wrong-password')];
  if (!unknown || !known) return [];
  return unknown.answer === known.answer && unknown.sizeBytes === known.sizeBytes
    ? ['unknown user and wrong password are answered alike']
    : [
        `unknown user (${unknown.answer}, ${unknown.sizeBytes} bytes) and wrong password (${known.answer}, ${known.sizeBytes} bytes) are told apart`,
      ];
}

function clockOf({ atLeastSeconds, atMostSeconds, tries }: ClockBounds): string {
  const how = `(${plural(tries, 'credential')} of different ends)`;
  if (atLeastSeconds === null || atMostSeconds === null) return `could not be compared ${how}`;
  const middle = Math.round((atLeastSeconds + atMostSeconds) / 2);
  const around = Math.max(1, Math.ceil((atMostSeconds - atLeastSeconds) / 2));
  const may = atLeastSeconds <= 0 && atMostSeconds >= 0;
  const where = may ? 'as ours' : `${Math.abs(middle)} s ${middle > 0 ? 'ahead of' : 'behind'} ours`;
  return `${where}, within ${around} s ${how}`;
}

function outlivedOf(outlived: NonNullable<Complete['outlived']>): string {
  if ('skipped' in outlived) return `not tried, ${outlived.skipped}`;
  if (outlived.answer === 'accepted') return 'Refresh accepted, the session goes on';
  return outlived.answer === null
    ? 'no answer to Refresh'
    : `Refresh refused with ${outlived.answer}, the call ends`;
}
