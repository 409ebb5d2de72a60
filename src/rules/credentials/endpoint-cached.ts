import type { EndpointHttp } from '../../model/endpoint.ts';
import { defineRule } from '../../model/rule.ts';
import { listed, plural } from '../../util/text.ts';

export default defineRule({
  id: 'credentials/endpoint-cached',
  meta: {
    title: 'Caches may keep the credentials',
    effect: 'Users get credentials of others, or such as have expired',
    why: 'A cache that keeps the answer hands one credential to many, whose allocations then count against one quota, and hands it out after its end.',
    remedy: 'Send Cache-Control: no-store with the answer.',
    severity: 'warning',
    references: ['RFC 9111 §5.2.2'],
  },
  needs: ['endpoint'],
  check: ({ endpoint }) => {
    if (endpoint.outcome !== 'answered') return { skip: endpoint.error };
    if (endpoint.http === undefined) return { skip: 'the headers of the answer are not known' };
    const reasons = reasonsOf(endpoint.http, endpoint.ttlSeconds);
    if (reasons.length === 0) return [];
    const { cacheControl } = endpoint.http;
    return [
      {
        message: `The answer of ${endpoint.url} ${listed(reasons)}`,
        evidence: cacheControl === null ? 'header Age or X-Cache: HIT' : `Cache-Control: ${cacheControl}`,
      },
    ];
  },
});

function reasonsOf({ cacheControl, fromCache }: EndpointHttp, ttlSeconds: number | null): string[] {
  const directives = (cacheControl ?? '')
    .toLowerCase()
    .split(',')
    .map(text => text.trim());
  const came = fromCache ? ['came out of a cache'] : [];
  if (directives.includes('no-store') || directives.includes('no-cache')) return came;
  const age = (name: string): number =>
    Number(directives.find(text => text.startsWith(`${name}=`))?.slice(name.length + 1) ?? 0);
  const shared = directives.includes('public') || age('s-maxage') > 0;
  const longest = age('max-age');
  return [
    ...came,
    ...(shared ? ['may be kept by shared caches'] : []),
    ...(ttlSeconds !== null && longest >= ttlSeconds
      ? [`may be kept for ${plural(longest, 'second')}, as long as the credential lives or longer`]
      : []),
  ];
}
