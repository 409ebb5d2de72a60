import type { Ask } from '../commands/io.ts';

/**
 * Lets `talk` ask questions: one dialogue for all of them, because what is typed ahead belongs to the next. When the
 * person ends the input every answer is ''. Ctrl-C reaches the process as it does without a question.
 */
export async function dialogueOn<T>(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  talk: (ask: Ask) => Promise<T>,
): Promise<T> {
  // Hardly any run asks anything.
  const { createInterface } = await import('node:readline/promises');
  const dialogue = createInterface({ input, output });
  const lines = dialogue[Symbol.asyncIterator]();
  // The terminal is in raw mode: Ctrl-C is a key like any other.
  dialogue.once('SIGINT', () => {
    dialogue.close();
    process.kill(process.pid, 'SIGINT');
  });
  try {
    return await talk(async question => {
      dialogue.setPrompt(question);
      dialogue.prompt();
      const { value = '' } = await lines.next();
      return value.trim();
    });
  } finally {
    dialogue.close();
  }
}
