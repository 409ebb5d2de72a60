import { createInterface } from 'node:readline/promises';

/** Asks one question; '' when the person ends the input. Ctrl-C reaches the process as it does without a question. */
export async function askOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  question: string,
): Promise<string> {
  const dialogue = createInterface({ input, output });
  const ended = new Promise<string>(resolve => dialogue.once('close', () => resolve('')));
  // The terminal is in raw mode: Ctrl-C is a key like any other.
  dialogue.once('SIGINT', () => {
    dialogue.close();
    process.kill(process.pid, 'SIGINT');
  });
  const answer = await Promise.race([dialogue.question(question), ended]);
  dialogue.close();
  return answer.trim();
}
