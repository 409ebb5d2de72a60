import type { ReachedPeer } from '../../../src/model/observations/peer-reach.ts';
import rule from '../../../src/rules/peers/connect-allowed.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { complete } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const reached = (connect?: ReachedPeer['createPermission']) =>
  wireAlone.seeing(
    complete('peer-reach', {
      peers: [
        {
          ip: '127.0.0.1',
          kind: 'loopback',
          createPermission: 403,
          channelBind: 403,
          ...(connect === undefined ? {} : { connect }),
        },
      ],
      notAsked: [],
    }),
  );

ruleTester(rule, {
  passes: [
    { name: 'refused', facts: reached(403) },
    { name: 'silence', facts: reached(null) },
  ],
  fails: [
    { name: 'connected', facts: reached('allowed'), evidence: /CreatePermission 403, Connect allowed/ },
    { name: 'tried to connect', facts: reached(447), message: /127\.0\.0\.1/ },
  ],
  skips: [{ name: 'not asked', facts: reached(), reason: /Connect was not asked/ }],
});
