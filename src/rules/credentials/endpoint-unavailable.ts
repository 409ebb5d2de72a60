import { defineRule } from '../../model/rule.ts';
import { listed } from '../../util/text.ts';

export default defineRule({
  id: 'credentials/endpoint-unavailable',
  meta: {
    title: 'The credential endpoint gives no usable answer',
    effect: 'Clients get no TURN credentials',
    why: 'Without user name, password and URLs an application starts its calls with no relay, or with a list the browser refuses.',
    remedy: 'Let the endpoint answer 200 with {username, password, ttl, uris}.',
    severity: 'error',
    references: ['draft-uberti-behave-turn-rest-00 §2.2'],
  },
  needs: ['endpoint'],
  check: ({ endpoint }) => {
    if (endpoint.outcome === 'failed') {
      const { url, status, error } = endpoint;
      const refused = status === 401 || status === 403;
      return [
        {
          message: refused
            ? `${url} refuses the token with ${status}`
            : `${url} ${status === null ? 'cannot be reached' : `answers ${status}`}: ${error}`,
          evidence: `GET ${url}: ${status ?? error}`,
          ...(refused
            ? { remedy: 'Check the token given with --token-file or TURNCTL_TOKEN, and its rights.' }
            : {}),
        },
      ];
    }
    const { problems, url, status, username, hasPassword, uris } = endpoint;
    if (problems.length === 0) return [];
    const usable = username !== null && hasPassword && uris.length > 0;
    return [
      {
        message: `${url} answers in another shape than {username, password, ttl, uris}: ${listed(problems)}`,
        evidence: `GET ${url}: ${status}; ${listed(problems)}`,
        ...(usable ? { severity: 'warning' as const } : {}),
      },
    ];
  },
});
