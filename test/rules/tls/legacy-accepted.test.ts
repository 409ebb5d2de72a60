import rule from '../../../src/rules/tls/legacy-accepted.ts';
import { wireAlone } from '../../support/facts-builder.ts';
import { handshake, tlsSurvey } from '../../support/observations.ts';
import { ruleTester } from '../../support/rule-tester.ts';

ruleTester(rule, {
  passes: [
    { name: 'TLS 1.2 and 1.3, one suite without forward secrecy', facts: wireAlone.seeing(tlsSurvey()) },
  ],
  fails: [
    {
      name: 'two versions and one kind of suites',
      facts: wireAlone.seeing(
        tlsSurvey({
          versions: [
            { version: 'SSLv3', answer: 'refused' },
            { version: 'TLSv1', answer: 'taken' },
            { version: 'TLSv1.1', answer: 'taken' },
          ],
          weakSuites: [{ kind: '3des', answer: 'taken' }],
        }),
      ),
      message: '203.0.113.10:5349/tls takes TLSv1, TLSv1.1 and 3DES',
      severity: 'warning',
    },
  ],
  skips: [{ name: 'a handshake alone', facts: wireAlone.seeing(handshake()), reason: 'turnctl probe tls' }],
});
