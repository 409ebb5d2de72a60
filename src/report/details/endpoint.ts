import type { EndpointFact } from '../../model/endpoint.ts';
import { plural } from '../../util/text.ts';

const DIALECTS = {
  'turn-rest': '{username, password, ttl, uris} (TURN REST, Matrix)',
  'ice-servers': 'a list of iceServers (RTCConfiguration, Cloudflare, Twilio)',
} as const;

/** How the application's credential endpoint answers. */
export function describeEndpoint(endpoint: EndpointFact): readonly string[] {
  if (endpoint.outcome === 'failed') return [`no answer to use: ${endpoint.error}`];
  const { status, ms, uris, username, hasPassword, ttlSeconds, dialect, http } = endpoint;
  const credential = username === null || !hasPassword ? 'no whole credential' : `user ${username}`;
  return [
    `${status} in ${ms.toFixed(ms < 10 ? 1 : 0)} ms${dialect ? `: ${DIALECTS[dialect]}` : ''}`,
    `${credential}, ${ttlSeconds === null ? 'no ttl' : `ttl ${ttlSeconds} s`}, ${plural(uris.length, 'URI')}`,
    ...(http
      ? [
          `content type ${http.contentType ?? '(none)'}; Cache-Control ${http.cacheControl ?? '(none)'}`,
          `${http.aheadSeconds === null ? 'no Date header' : `clock ${clockOf(http.aheadSeconds)}`}; ${http.allowOrigin === null ? 'no Access-Control-Allow-Origin' : `pages of ${http.allowOrigin} may read it`}`,
          ...(http.withoutToken === null
            ? []
            : [
                `without the token: ${http.withoutToken.status}${http.withoutToken.credential ? ', with credentials' : ''}`,
              ]),
        ]
      : []),
  ];
}

function clockOf(ahead: number): string {
  if (Math.abs(ahead) <= 1) return 'as ours';
  return `${Math.abs(ahead)} s ${ahead > 0 ? 'ahead of' : 'behind'} ours`;
}
