import { chooseCredential } from '../../facts/credential-choice.ts';
import { readEndpoint } from '../../facts/endpoint.ts';
import { formatUri, type ServerUri } from '../../model/target.ts';
import type { CredentialSource } from '../../probes/credential.ts';
import type { Io } from '../io.ts';
import type { WireOptions } from '../options.ts';
import { parseTarget } from '../parse-target.ts';
import { readSecrets } from '../secrets.ts';
import { UsageError } from '../usage-error.ts';

export interface GivenOptions extends WireOptions {
  readonly target?: string;
}

/** What a browser is to try, and with what. */
export interface Given {
  readonly uris: readonly string[];
  readonly credential: CredentialSource;
}

/** @throws {UsageError} where there is nothing to connect to, or nothing to authenticate with */
export async function given(options: GivenOptions, io: Io): Promise<Given> {
  const { target } = options;
  const { sharedSecret, user, endpoint } = await readSecrets(options, io);
  const answer =
    endpoint &&
    (await readEndpoint({
      ...endpoint,
      timeoutMs: options.timeout * 1000,
      signal: io.signal,
      clock: io.clock,
    }));
  const { source } = chooseCredential({ sharedSecret, user, endpoint: answer?.credential }, io.clock.now());
  if (source === undefined) {
    const why =
      answer?.fact.known && answer.fact.value.outcome === 'failed' ? `: ${answer.fact.value.error}` : '';
    throw new UsageError(
      `a browser gets no relay without credentials${why}`,
      'Give --secret-file, --user or --api.',
    );
  }
  const uris = turnUris(target === undefined ? (answer?.uris ?? []) : parseTarget(target));
  if (uris.length === 0) throw new UsageError('there is no turn: URI to try', 'Give a TARGET, or --api URL.');
  return { uris, credential: source };
}

/** What a relay candidate can come from. */
const turnUris = (uris: readonly ServerUri[]): readonly string[] =>
  uris.filter(({ scheme }) => scheme.startsWith('turn')).map(formatUri);
