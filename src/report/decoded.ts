import type { Rendering } from '../model/report.ts';
import type { TranscriptEntry } from '../model/transcript.ts';
import { plural } from '../util/text.ts';
import { styleOf } from './style.ts';
import { readableWidth, wrap } from './text.ts';
import { renderTranscript } from './transcript.ts';

export interface Decoded {
  readonly format: string;
  readonly entries: readonly TranscriptEntry[];
  /** What is not among them, and why. */
  readonly notes: readonly string[];
  readonly exitCode: number;
}

/** Messages for a person, and what there was beside them. Text in them is printable already. */
export function renderDecoded({ format, entries, notes, exitCode }: Decoded, rendering: Rendering): string {
  const style = styleOf(rendering);
  const width = readableWidth(rendering);
  const messages = entries.filter(({ message }) => message.kind !== 'note');
  const bad = messages.filter(({ message }) => message.kind !== 'note' && message.defects.length > 0);
  const judged = bad.length === 0 ? 'all well-formed' : `${bad.length} malformed`;
  const summary =
    messages.length === 0 ? 'no STUN message' : `${plural(messages.length, 'message')}, ${judged}`;
  const body = renderTranscript(entries, { width, unicode: rendering.unicode }, style);
  return `${[
    ...body,
    ...(body.length > 0 ? [''] : []),
    ...wrap([`${summary} in this ${format}`, ...notes].join('; '), width).map(line => style.chalk.dim(line)),
    style.chalk.dim(`exit ${exitCode}`),
  ].join('\n')}\n`;
}
