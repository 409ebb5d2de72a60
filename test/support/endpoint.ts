import type { EndpointFact, EndpointHttp } from '../../src/model/endpoint.ts';

type Answered = Extract<EndpointFact, { outcome: 'answered' }>;

/** An endpoint that hands out these URLs, with a sound credential unless the changes say otherwise. */
export const offering = (
  uris: readonly string[],
  changes: Partial<Answered> = {},
): { readonly endpoint: EndpointFact } => ({
  endpoint: {
    outcome: 'answered',
    url: 'https://app.example.org/turn',
    status: 200,
    uris,
    username: '1769864400:alice',
    hasPassword: true,
    ttlSeconds: 3600,
    ms: 20,
    problems: [],
    ...changes,
  },
});

/** A sound one that answers with these headers changed, to a token unless the changes say otherwise. */
export const answering = (changes: Partial<EndpointHttp>): { readonly endpoint: EndpointFact } =>
  offering(['turn:turn.example.org'], {
    http: {
      contentType: 'application/json',
      cacheControl: 'no-store',
      fromCache: false,
      aheadSeconds: 0,
      allowOrigin: null,
      withoutToken: { status: 401, credential: false },
      ...changes,
    },
  });

export const endpointDown = (status: number | null, error: string): { readonly endpoint: EndpointFact } => ({
  endpoint: { outcome: 'failed', url: 'https://app.example.org/turn', status, error },
});
