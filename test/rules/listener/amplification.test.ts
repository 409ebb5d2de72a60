import rule from '../../../src/rules/listener/amplification.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { complete } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

const weighed = (bytesOut: number, software?: string) =>
  wireAlone.seeing(
    complete('unauthenticated-answers', {
      requests: [
        { request: 'Binding', bytesIn: 20, bytesOut: 32 },
        { request: 'Allocate, bare', bytesIn: 20, bytesOut, code: 401 },
      ],
      addresses: [],
      ...(software === undefined ? {} : { software }),
    }),
  );

ruleTester(rule, {
  passes: [
    { name: 'as coturn 4.7 and later answer', facts: weighed(72) },
    { name: 'silence', facts: weighed(0) },
  ],
  fails: [
    {
      name: 'as coturn 4.6 answers',
      facts: weighed(96, 'Coturn-4.6.1'),
      message: /4\.8 times/,
      remedy: /no-software-attribute/,
    },
    { name: 'a long realm', facts: weighed(200), message: /10\.0 times/, remedy: /short realm/ },
  ],
  skips: [{ name: 'not weighed', facts: wireAlone, reason: /probe peers/ }],
});
