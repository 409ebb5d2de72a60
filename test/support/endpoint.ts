import type { EndpointFact } from '../../src/model/facts.ts';

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

export const endpointDown = (status: number | null, error: string): { readonly endpoint: EndpointFact } => ({
  endpoint: { outcome: 'failed', url: 'https://app.example.org/turn', status, error },
});
