import { type Observation, observed } from '../model/observation.ts';
import { compareVersions, nearestKnownRelease } from './versions.ts';

/** What one trait of the answers says about the release. */
interface Sign {
  readonly since?: string;
  readonly until?: string;
  readonly because: string;
}

/**
 * The coturn release behind the answers, as a likelihood: options can change each of these traits. Measured on the wire of
 * every release from 4.5.1.1 to 4.18.0.
 */
export function likelyRelease(observations: readonly Observation[]): string | undefined {
  const named = observations.map(o => ('software' in o ? o.software : undefined)).find(Boolean);
  if (named !== undefined && !/^coturn/i.test(named)) return undefined;
  const signs = [...challengeSigns(observations), ...requestSigns(observations)];
  if (named === undefined && !signs.some(({ because }) => because.startsWith('nonce'))) return undefined;
  if (named !== undefined) return agreement(named, signs);
  const since = newest(signs.flatMap(({ since }) => since ?? []));
  const until = oldest(signs.flatMap(({ until }) => until ?? []));
  if (since === undefined && until === undefined) return undefined;
  const because = signs.map(sign => sign.because).join(', ');
  if (since !== undefined && until !== undefined && compareVersions(since, until) > 0) {
    return `coturn, its release hidden by options or by several servers (${because})`;
  }
  const range = [since && `${since} or later`, until && `${until} or earlier`].filter(Boolean).join(', ');
  return `coturn ${range}, if it is coturn and no option hides it (${because})`;
}

/** SOFTWARE, and whether the rest contradicts it. */
function agreement(named: string, signs: readonly Sign[]): string | undefined {
  const release = nearestKnownRelease(named);
  if (release === null) return undefined;
  const against = signs.filter(
    ({ since, until }) =>
      (since !== undefined && compareVersions(release, since) < 0) ||
      (until !== undefined && compareVersions(release, until) > 0),
  );
  if (against.length === 0) return undefined;
  return `SOFTWARE says ${named}, but the answers do not look like it (${against.map(({ because }) => because).join(', ')})`;
}

function challengeSigns(observations: readonly Observation[]): readonly Sign[] {
  const lengths = observed(observations, 'server-identity').flatMap(o =>
    o.outcome === 'complete' ? o.faces.map(({ nonceLength }) => nonceLength) : [],
  );
  return [...new Set(lengths)].flatMap((length): Sign[] => {
    if (length === 16) return [{ until: '4.15.0', because: 'nonce of 16 characters' }];
    return length === 24 ? [{ since: '4.16.0', because: 'nonce of 24 characters' }] : [];
  });
}

function requestSigns(observations: readonly Observation[]): readonly Sign[] {
  const over = observed(observations, 'stun-conformance').filter(o => o.outcome === 'complete');
  const signs = over.flatMap(({ unknownAttribute, legacy }): Sign[] => [
    ...(legacy === undefined ? [] : [legacySign(legacy.answered)]),
    ...(unknownAttribute.answer === 420 ? [reasonSign(unknownAttribute.reason ?? '')] : []),
  ]);
  return [...new Map(signs.map(sign => [sign.because, sign])).values()];
}

// An answer says nothing: an option of later releases brings it back.
const legacySign = (answered: boolean): Sign =>
  answered ? { because: 'RFC 3489 answered' } : { since: '4.6.0', because: 'RFC 3489 not answered' };

const reasonSign = (reason: string): Sign =>
  reason === ''
    ? { since: '4.10.0', because: 'no reason phrase' }
    : { until: '4.10.0', because: 'reason phrases are sent' };

const newest = (versions: readonly string[]): string | undefined =>
  [...versions].sort(compareVersions).at(-1);
const oldest = (versions: readonly string[]): string | undefined => [...versions].sort(compareVersions)[0];
