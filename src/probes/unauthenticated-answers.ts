import { randomBytes } from 'node:crypto';
import type {
  AnsweredRequest,
  UnauthenticatedAnswersObservation,
} from '../model/observations/unauthenticated-answers.ts';
import { type Attribute, attribute } from '../stun/attributes.ts';
import { decode, encode, type MethodName, type StunMessage } from '../stun/message.ts';
import { allocate } from '../turn/requests.ts';
import { baseOf, type Probe } from './conversation.ts';
import { exchangeRaw, type RawRequest } from './raw-requests.ts';

interface Question extends RawRequest {
  readonly request: string;
}

const question = (request: string, method: MethodName, attributes: readonly Attribute[] = []): Question => {
  const id = randomBytes(12);
  const bytes = encode({ class: 'request', method, transactionId: id, attributes });
  return { request, bytes, id };
};

/** RFC 3489: no cookie, and an id of sixteen bytes in its place. */
function classicBinding(): Question {
  const id = randomBytes(16);
  const bytes = question('', 'binding').bytes.slice();
  bytes.set(id, 4);
  return { request: 'Binding of RFC 3489', bytes, id };
}

const questions = (): readonly Question[] => [
  question('Binding', 'binding'),
  classicBinding(),
  question('Binding with CHANGE-REQUEST', 'binding', [
    { name: 'CHANGE-REQUEST', value: { changeIp: false, changePort: false } },
  ]),
  question('Allocate', 'allocate', allocate().attributes),
  question('Allocate, bare', 'allocate'),
  question('Refresh, bare', 'refresh'),
  question('CreatePermission, bare', 'createPermission'),
];

/** Sends what anybody can send without credentials, and weighs what comes back. UDP alone: elsewhere no source can be forged. */
export const probeUnauthenticated: Probe<UnauthenticatedAnswersObservation> = async (to, context) => {
  const base = { probe: 'unauthenticated-answers' as const, ...baseOf(to), stagesMs: {} };
  const asked = questions();
  const answers = await exchangeRaw(asked, to, context);
  if ('outcome' in answers) return { ...base, ...answers };
  const messages = answers.map(bytes => (bytes === null ? undefined : messageIn(bytes)));
  const first = <T>(read: (message: StunMessage) => T | undefined): T | undefined =>
    messages.map(message => message && read(message)).find(value => value !== undefined);
  const software = first(message => attribute(message, 'SOFTWARE'));
  const realm = first(message => attribute(message, 'REALM'));
  return {
    ...base,
    outcome: 'complete',
    requests: asked.map(({ request, bytes }, i): AnsweredRequest => {
      const message = messages[i];
      const code = message && attribute(message, 'ERROR-CODE')?.code;
      const bytesOut = answers[i]?.length ?? 0;
      return { request, bytesIn: bytes.length, bytesOut, ...(code === undefined ? {} : { code }) };
    }),
    ...(software === undefined ? {} : { software }),
    ...(realm === undefined ? {} : { realm }),
    addresses: [
      ...new Map(
        messages
          .flatMap(message =>
            message ? [attribute(message, 'RESPONSE-ORIGIN'), attribute(message, 'OTHER-ADDRESS')] : [],
          )
          .filter(address => address !== undefined)
          .map(address => [`${address.ip} ${address.port}`, address]),
      ).values(),
    ],
  };
};

function messageIn(bytes: Uint8Array): StunMessage | undefined {
  const decoded = decode(bytes);
  return 'message' in decoded ? decoded.message : undefined;
}
