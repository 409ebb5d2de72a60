import type { Rendering } from '../model/report.ts';
import type { ExplainedMessage, TranscriptEntry } from '../model/transcript.ts';
import { plural } from '../util/text.ts';
import type { Style } from './style.ts';
import { labelled, wrap } from './text.ts';

const INDENT = 4;

/** Each message with its attributes under it, in the order in which they passed. */
export function renderTranscript(
  entries: readonly TranscriptEntry[],
  { width, unicode }: Pick<Rendering, 'width' | 'unicode'>,
  style: Style,
): string[] {
  return entries.flatMap(entry => renderEntry(entry, { width, unicode }, style));
}

function renderEntry(
  entry: TranscriptEntry,
  { width, unicode }: Pick<Rendering, 'width' | 'unicode'>,
  style: Style,
): string[] {
  const { message, atMs, direction = 'none' } = entry;
  const arrow = (unicode ? { out: '→', in: '←', none: '' } : { out: '->', in: '<-', none: '' })[direction];
  const time = atMs === undefined ? '' : `${atMs.toFixed(1).padStart(8)} ms`;
  const margin = [time, arrow].filter(Boolean).join(' ');
  const indent = margin === '' ? 0 : margin.length + 1;
  const [title = '', ...more] = wrap(
    message.kind === 'note' ? message.text : titleOf(message),
    width - indent,
  );
  const second = [endsOf(entry, unicode), message.kind === 'stun' ? `id ${message.transactionId}` : '']
    .filter(Boolean)
    .join('  ');
  return [
    `${margin}${margin === '' ? '' : ' '}${style.chalk.bold(title)}`,
    ...more.map(line => ' '.repeat(indent) + style.chalk.bold(line)),
    ...wrap(second, width - INDENT).map(line => ' '.repeat(INDENT) + style.chalk.dim(line)),
    ...(message.kind === 'note' ? [] : renderBody(message, width, style)),
  ];
}

/** `127.0.0.1:40000 → 127.0.0.1:3478/udp`; as much of it as is known. */
function endsOf({ transport, from, to, direction, atPeer }: TranscriptEntry, unicode: boolean): string {
  if (transport === undefined) return '';
  const arrow = unicode ? { out: '→', in: '←' } : { out: '->', in: '<-' };
  const [left = '?', right = '?'] = direction === 'in' ? [to, from] : [from, to];
  return `${left}${atPeer ? ' (peer)' : ''} ${arrow[direction ?? 'out']} ${right}/${transport}`;
}

function titleOf(message: ExplainedMessage): string {
  const size = plural(message.sizeBytes, 'byte');
  if (message.kind === 'other') return `${size}: ${message.what}`;
  if (message.kind === 'channel-data') {
    const channel = message.channel.toString(16).toUpperCase().padStart(4, '0');
    return `ChannelData on 0x${channel}, ${plural(message.dataBytes, 'byte')} of payload`;
  }
  return `${message.method} ${message.class}, ${size}`;
}

function renderBody(message: ExplainedMessage, width: number, style: Style): string[] {
  const column = Math.min(28, Math.max(0, ...namesOf(message).map(name => name.length)) + 2);
  const line = (name: string, text: string) =>
    name.length < column
      ? labelled(name, text, width, INDENT, column)
      : [`${' '.repeat(INDENT)}${name}`, ...labelled('', text, width, INDENT, column)];
  const said = message.kind === 'stun' ? statesOf(message) : {};
  const defects = message.kind === 'other' ? [] : message.defects;
  return [
    ...(message.kind === 'stun'
      ? message.attributes.flatMap(({ name, value }) => {
          const state = said[name];
          return line(name, state === undefined ? value : `${value} (${state})`);
        })
      : []),
    ...(message.kind === 'stun' && message.meaning !== undefined
      ? labelled('', message.meaning, width, INDENT, column)
      : []),
    ...defects.flatMap(({ offset, text }) =>
      labelled('bad', `byte ${offset}: ${text}`, width, INDENT).map(bad => style.severity('error', bad)),
    ),
  ];
}

const namesOf = (message: ExplainedMessage): readonly string[] =>
  message.kind === 'stun' ? message.attributes.map(({ name }) => name) : [];

type States = { readonly [attribute: string]: string };

/** What was checked of an attribute, beside its value. */
function statesOf({ fingerprint, integrity }: Extract<ExplainedMessage, { kind: 'stun' }>): States {
  const proof: States =
    integrity === 'verified' || integrity === 'wrong'
      ? { 'MESSAGE-INTEGRITY': integrity, 'MESSAGE-INTEGRITY-SHA256': integrity }
      : {};
  return fingerprint === 'absent' ? proof : { ...proof, FINGERPRINT: fingerprint };
}
