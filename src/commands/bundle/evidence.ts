import { createHmac, randomBytes } from 'node:crypto';
import type { BundleInput, Document } from '../../bundle/build-bundle.ts';
import { plantCanaries } from '../../bundle/canaries.ts';
import { type CollectLimits, collectAll } from '../../bundle/collect.ts';
import { hostCollectors, serviceCollectors } from '../../bundle/collectors.ts';
import { documentsOf, unknownIn } from '../../bundle/documents.ts';
import { ownWords } from '../../bundle/own-words.ts';
import type { Redactor, RedactorInput } from '../../bundle/redactor.ts';
import { isSearchable, secretsIn } from '../../bundle/secret-harvest.ts';
import { secretsOfHost } from '../../bundle/secret-sources.ts';
import { partsOf, userNamesIn, userNamesOf } from '../../bundle/user-tokens.ts';
import { captureFile } from '../../capture/capture-file.ts';
import { transcriptOf } from '../../capture/transcript.ts';
import { canonicalName } from '../../config/directives.ts';
import type { ConfigSecrets } from '../../config/secrets.ts';
import type { Gathered } from '../../facts/gather.ts';
import { orNull } from '../../host/attempt.ts';
import type { Facts } from '../../model/facts.ts';
import type { Recording } from '../../model/recording.ts';
import { recordingNet } from '../../net/recording.ts';
import { jsonDocument } from '../../report/json.ts';
import { rules } from '../../rules/index.ts';
import { gatherFor, targetOf } from '../gathering.ts';
import type { Io } from '../io.ts';
import { judgedReport } from '../judged-report.ts';
import { selectRules } from '../rule-selection.ts';
import { type GivenSecrets, readSecrets } from '../secrets.ts';
import { UsageError } from '../usage-error.ts';
import type { CreateOptions } from './create.ts';
import { derivedSecrets } from './derived-secrets.ts';
import { screenOf } from './screen.ts';

/** Everything for a bundle, and how to redact it. */
export type Evidence = BundleInput & { readonly redaction: RedactorInput };

/** Gathers as `diagnose` does, and reads beside it what a person would want to see. @throws {UsageError} {HostError} */
export async function gatherEvidence(options: CreateOptions, io: Io): Promise<Evidence> {
  if (options.pcap === true && options.keepAddresses !== true) {
    throw new UsageError('--pcap needs --keep-addresses: a capture holds addresses as they are');
  }
  const started = io.clock.monotonic();
  const client = await readClientReport(options.clientReport, io);
  const { net, recording } = recordingNet(io.net, io.clock);
  const limits: CollectLimits = {
    eachMs: options.collectorTimeout * 1000,
    signal: io.signal,
    monotonic: io.clock.monotonic,
    schedule: io.clock.schedule,
  };
  // Programs run while the probes wait for answers.
  const [gathered, ofAnyHost] = await Promise.all([
    gatherFor(options, { ...io, net }),
    collectAll(io.host, hostCollectors(), limits),
  ]);
  const { facts } = gathered;
  const report = await judgedReport(
    gathered,
    {
      rules: selectRules(rules, {}),
      failOn: 'error',
      asVersion: undefined,
      baseline: [],
      writeTo: undefined,
    },
    { command: 'diagnose', target: targetOf(options, gathered, io), started },
    io,
  );
  const ms = Math.round(io.clock.monotonic() - started);
  io.progress.update('collecting');
  const { backendUnit } = options;
  const [ofServices, ofHost, identity] = await Promise.all([
    collectAll(io.host, serviceCollectors({ facts, backendUnit }), limits),
    secretsOfHost(io.host, facts, backendUnit),
    orNull(() => io.host.readFile('/etc/machine-id')),
  ]);
  const collected = [...ofAnyHost, ...ofServices];
  const texts = [
    ...collected.flatMap(({ text }) => (text.known ? [text.value] : [])),
    ...(client === undefined ? [] : [client.text]),
  ];
  const given = await readSecrets(options, io);
  const secrets = [
    ...givenSecrets(gathered, given),
    ...ofHost,
    ...texts.flatMap(secretsIn),
    ...derivedSecrets(signedWith(gathered, given), realmsOf(facts), [...texts, JSON.stringify(facts)]),
  ].filter(isSearchable);
  const document = jsonDocument(report);
  const own = ownWords(document);
  const canaries = plantCanaries(() => randomBytes(12).toString('hex'));
  return {
    tool: { name: 'turnctl', version: io.version },
    createdAt: facts.observedAt,
    host: io.host.name,
    documents: [
      ...documentsOf(facts, document, ms),
      ...wireDocuments(recording(), options, io),
      ...(client === undefined ? [] : [client.document]),
    ],
    collected,
    leftOut: [...NEVER_IN_IT, ...absentBecauseNotAsked(options), ...unknownIn(facts)],
    canaries,
    secrets: [...new Set(secrets)],
    stableTokens: identity !== null,
    redaction: {
      key: createHmac('sha256', identity ?? randomBytes(32))
        .update('turnctl bundle tokens')
        .digest(),
      secrets: [...new Set([...secrets, ...canaries.secrets])],
      users: [
        ...userNamesOf(facts),
        ...partsOf(options.user ?? ''),
        ...texts.flatMap(userNamesIn).filter(name => !own.has(name)),
      ],
      keepAddresses: options.keepAddresses === true,
    },
  };
}

const realmsOf = ({ config }: Facts): readonly string[] =>
  config.known
    ? config.value.entries
        .filter(({ name }) => canonicalName(name) === 'realm')
        .map(({ value }) => value ?? '')
    : [];

const NEVER_IN_IT = [
  { what: 'private keys', reason: 'they are secrets' },
  { what: 'comments of turnserver.conf', reason: 'they may hold anything' },
];

const absentBecauseNotAsked = ({ backendUnit, clientReport, pcap }: CreateOptions) => [
  ...(pcap === true ? [] : [{ what: 'a capture of the probes', reason: 'not asked for (--pcap)' }]),
  ...(backendUnit === undefined
    ? [{ what: "the application's unit and journal", reason: 'not asked for (--backend-unit)' }]
    : []),
  ...(clientReport === undefined
    ? [{ what: 'a report of a client', reason: 'none was given (--client-report)' }]
    : []),
];

/** What passed while the probes ran. */
function wireDocuments(recording: Recording, { pcap }: CreateOptions, io: Io): readonly Document[] {
  const common = { how: 'the probes of turnctl', ms: 0 };
  return [
    {
      ...common,
      path: 'wire/transcript.json',
      what: 'every message of the probes, in words',
      content: { ours: transcriptOf(recording) },
    },
    ...(pcap === true
      ? [
          {
            ...common,
            path: 'wire/probes.pcapng',
            what: 'the same for Wireshark; secrets, user names and payload are covered',
            content: {
              bytes: (redactor: Redactor) =>
                captureFile(recording, `turnctl ${io.version}`, screenOf(redactor)),
            },
          },
        ]
      : []),
  ];
}

/** What the operator gave and what was made of it. */
const givenSecrets = (
  gathered: Gathered,
  { sharedSecrets, user, endpoint }: GivenSecrets,
): readonly string[] =>
  [
    ...(gathered.secretTexts ?? []),
    ...sharedSecrets.map(({ secret }) => secret),
    ...[user?.password, endpoint?.token, gathered.credential?.(0).password],
  ].filter(secret => secret !== undefined);

/** Of the configuration and of the operator. */
const signedWith = ({ secrets }: Gathered, { sharedSecrets, user }: GivenSecrets): ConfigSecrets => ({
  staticAuthSecrets: [...(secrets?.staticAuthSecrets ?? []), ...sharedSecrets.map(({ secret }) => secret)],
  users: [...(secrets?.users ?? []), ...(user === undefined ? [] : [{ ...user, isKey: false }])],
});

const LARGEST_REPORT = 16 << 20;

async function readClientReport(
  path: string | undefined,
  { localHost }: Io,
): Promise<{ readonly text: string; readonly document: Document } | undefined> {
  if (path === undefined) return undefined;
  const text = new TextDecoder().decode(await localHost.readFile(path, { maxBytes: LARGEST_REPORT }));
  return {
    text,
    document: {
      path: 'client/report.json',
      what: 'what a client saw',
      how: '--client-report',
      ms: 0,
      content: { foreign: parsed(text, path) },
    },
  };
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${path} is no JSON report`, 'Give the output of turnctl coldstart --json.');
  }
}
