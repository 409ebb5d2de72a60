import { defineRule } from '../../model/rule.ts';

export default defineRule({
  id: 'credentials/endpoint-open',
  meta: {
    title: 'Anybody gets credentials from the endpoint',
    effect: 'Strangers can relay traffic through this server',
    why: 'Who can fetch a credential may relay with it, and every credential is as good as the shared secret for as long as it lives. An application without accounts cannot help it; one that has tokens should ask for them.',
    remedy: 'Answer 401 to requests without a valid session, and limit how often one address may ask.',
    severity: 'warning',
    references: ['draft-uberti-behave-turn-rest-00 §4'],
  },
  needs: ['endpoint'],
  check: ({ endpoint }) => {
    if (endpoint.outcome !== 'answered') return { skip: endpoint.error };
    if (endpoint.http === undefined) return { skip: 'it was not asked without a token' };
    const { url, username, hasPassword, http, status } = endpoint;
    if (http.withoutToken !== null) {
      if (!http.withoutToken.credential) return [];
      return [
        {
          message: `${url} hands its credentials to requests without the token, too`,
          evidence: `GET ${url} without Authorization: ${http.withoutToken.status}, with user name and password`,
        },
      ];
    }
    if (username === null || !hasPassword) return [];
    return [
      {
        message: `${url} asks for no token`,
        evidence: `GET ${url} without Authorization: ${status}, with user name and password`,
        severity: 'info' as const,
      },
    ];
  },
});
