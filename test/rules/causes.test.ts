import { describe, expect, test } from 'vitest';
import type { Facts } from '../../src/model/facts.ts';
import type { RuleId } from '../../src/model/finding.ts';
import { rules } from '../../src/rules/index.ts';
import { runRules } from '../../src/rules/run.ts';
import { credential, nowSeconds } from '../support/credential.ts';
import { deployment } from '../support/facts-builder.ts';
import { failedUnit, turnserver, unit } from '../support/journal.ts';
import {
  allocated,
  allocateFailed,
  binding,
  bindingFailed,
  dataPath,
  errorResponse,
  handshake,
  identity,
  refused,
  servedCertificate,
  silence,
} from '../support/observations.ts';
import { tlsFiles } from '../support/tls-files.ts';

const realm = 'turn.example.org';
const refusedAgain = allocateFailed({ ...errorResponse(401), afterChallenge: true }, { realm });

const silentHost = deployment
  .with({ processes: [], sockets: [] })
  .seeingFromHost(
    bindingFailed(refused),
    allocateFailed(refused),
    bindingFailed(refused, { transport: 'tcp' }),
  );

interface Story {
  readonly name: string;
  readonly facts: { readonly facts: Facts };
  /** What an operator is told to repair. */
  readonly causes: readonly RuleId[];
  /** What is filed under it. */
  readonly symptoms?: readonly RuleId[];
}

const stories: readonly Story[] = [
  { name: 'a healthy deployment', facts: deployment, causes: [] },
  {
    name: 'a low port without the capability',
    facts: silentHost
      .removing('listening-port')
      .adding('listening-port=443')
      .with({
        service: failedUnit(...turnserver('0: : Trying to bind fd 12 to <203.0.113.10:443>: errno=13')),
      }),
    causes: ['listener/privileged-port'],
    symptoms: ['service/not-running'],
  },
  {
    name: 'a permission denied that nothing else explains',
    facts: silentHost.with({
      service: failedUnit(
        'coturn.service: Failed at step EXEC spawning /usr/bin/turnserver: Permission denied',
      ),
    }),
    causes: ['service/not-running'],
  },
  {
    name: 'a boolean that coturn refuses',
    facts: silentHost.adding('fingerprint=perhaps').with({
      service: failedUnit(
        ...turnserver(
          '0: : ERROR: Unknown boolean value: perhaps. You can use on/off, yes/no, 1/0, true/false.',
        ),
      ),
    }),
    causes: ['config/boolean-value'],
    symptoms: ['service/not-running'],
  },
  {
    name: 'stopped by an operator, with a fault in the file that is not why',
    facts: silentHost.adding('fingerprint=perhaps').with({
      service: unit({ active: 'inactive', sub: 'dead', mainPid: null }),
    }),
    causes: ['config/boolean-value', 'service/not-running'],
  },
  {
    name: 'an inverted range, over which coturn crashes at each call',
    facts: deployment
      .removing('min-port', 'max-port')
      .adding('min-port=50000', 'max-port=40000')
      .with({
        service: unit(
          { restarts: 7 },
          'coturn.service: Main process exited, code=killed, status=11/SEGV',
          'coturn.service: Scheduled restart job, restart counter is at 7.',
        ),
      }),
    causes: ['relay/port-range-inverted'],
    symptoms: ['service/restarting'],
  },
  {
    name: 'an inverted range, over which coturn crashed between two requests: nonces and answers are lost',
    facts: deployment
      .removing('min-port', 'max-port')
      .adding('min-port=50000', 'max-port=49000')
      .seeingFromHost(
        bindingFailed(silence),
        allocated(),
        binding({ transport: 'tcp' }),
        allocateFailed(silence, { transport: 'tcp' }),
        identity({ staleOnFirstTry: 11, authenticated: 12 }),
      ),
    causes: ['relay/port-range-inverted'],
    symptoms: ['listener/no-stun', 'listener/stun-only', 'service/second-instance'],
  },
  {
    name: 'a relay-ip of no interface, over which coturn is deaf for seconds',
    facts: deployment
      .removing('relay-ip')
      .adding('relay-ip=198.51.100.7')
      .seeingFromHost(bindingFailed(silence), allocateFailed(errorResponse(508))),
    causes: ['relay/address-not-local'],
    symptoms: ['listener/no-stun'],
  },
  {
    name: 'the same beside no-stun and stun-only in the file, which are faults of their own',
    facts: deployment
      .removing('relay-ip')
      .adding('relay-ip=198.51.100.7', 'no-stun', 'stun-only')
      .seeingFromHost(bindingFailed(silence), allocateFailed(silence)),
    causes: ['listener/no-stun', 'listener/stun-only', 'relay/address-not-local'],
  },
  {
    name: 'a fault of the file for which the log has the reason, and the journal nothing',
    facts: silentHost.adding('bps-capacity=1000000').with({
      service: failedUnit('coturn.service: Failed with result exit-code'),
      logLines: {
        source: 'turn.log',
        lines: [
          'CONFIG ERROR: If you set the --bps-capacity option, then you must set --max-bps options, too.',
        ],
      },
    }),
    causes: ['capacity/bps-capacity-without-max-bps'],
    symptoms: ['service/not-running'],
  },
  {
    name: 'a second instance with another secret',
    facts: deployment
      .with(credential({ origin: 'configuration' }))
      .seeing(identity({ rejected: 2 }), binding(), refusedAgain),
    causes: ['service/second-instance'],
    symptoms: ['credentials/secret-mismatch'],
  },
  {
    name: 'a database that does not answer, and with it no secret of the file',
    facts: deployment
      .adding('redis-userdb="ip=127.0.0.1"')
      .with({
        ...credential({}),
        logLines: { source: 'turn.log', lines: ['0: : ERROR: Cannot initialize Redis DB connection'] },
      })
      .seeing(binding(), refusedAgain),
    causes: ['database/unreachable'],
    symptoms: ['credentials/secret-mismatch'],
  },
  {
    name: 'a comment behind the secret',
    facts: deployment
      .removing('static-auth-secret')
      .adding('static-auth-secret=q7Vb2mZk0sXe9RwT4uYh # the one of the application')
      .with(credential())
      .seeing(binding(), refusedAgain),
    causes: ['config/inline-comment'],
    symptoms: ['credentials/secret-mismatch'],
  },
  {
    name: 'a malformed user line has nothing to do with a wrong secret',
    facts: deployment.adding('user=nopw').with(credential()).seeing(binding(), refusedAgain),
    causes: ['auth/secret-overrides-users', 'auth/user-malformed', 'credentials/secret-mismatch'],
  },
  {
    name: 'an expired credential is not a wrong secret',
    facts: deployment
      .with(credential({ username: `${nowSeconds - 60}:alice`, expiresAt: nowSeconds - 60 }))
      .seeing(binding(), refusedAgain),
    causes: ['credentials/expired'],
  },
  {
    name: 'a file that coturn cannot read leaves the relay open',
    facts: deployment
      .with({
        configFile: {
          path: '/etc/turnserver.conf',
          owner: 'root',
          group: 'root',
          mode: 0o600,
          modifiedAt: '2026-01-30T08:00:00.000Z',
          readableByService: false,
        },
      })
      .seeing(binding(), allocated({ challenged: false }), dataPath()),
    causes: ['config/unreadable'],
    symptoms: ['auth/anonymous-relay'],
  },
  {
    name: 'a self-signed certificate stays untrusted after a reload',
    facts: deployment
      .with(
        tlsFiles({
          certificateFile: { modifiedAt: '2026-01-31T10:00:00.000Z' },
          certificate: { selfSigned: true },
        }),
      )
      .seeing(
        binding(),
        allocated(),
        dataPath(),
        handshake({
          untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT',
          certificate: { ...servedCertificate, fingerprint256: 'CC:DD' },
        }),
      ),
    causes: ['tls/not-reloaded', 'tls/untrusted'],
  },
  {
    name: 'a renewed certificate that was not loaded, and has expired on the wire',
    facts: deployment.with(tlsFiles({ certificateFile: { modifiedAt: '2026-01-31T10:00:00.000Z' } })).seeing(
      binding(),
      allocated(),
      dataPath(),
      handshake({
        untrusted: 'CERT_HAS_EXPIRED',
        certificate: { ...servedCertificate, notAfter: '2026-01-31T00:00:00.000Z', fingerprint256: 'CC:DD' },
      }),
    ),
    causes: ['tls/not-reloaded'],
    symptoms: ['tls/certificate-expired'],
  },
];

describe('one cause out of many', () => {
  for (const { name, facts, causes, symptoms = [] } of stories) {
    test(name, () => {
      const failed = runRules(rules, facts.facts, Date.parse(facts.facts.observedAt)).filter(
        ({ outcome, severity }) => outcome === 'failed' && severity !== 'info',
      );
      const roots = failed.filter(({ explainedBy }) => explainedBy === undefined).map(({ id }) => id);
      const folded = failed.filter(({ explainedBy }) => explainedBy !== undefined).map(({ id }) => id);
      expect(roots).toEqual(causes);
      expect(folded).toEqual(expect.arrayContaining([...symptoms]));
    });
  }
});
