import type { Rendering } from '../model/report.ts';
import { escapedJson } from '../report/visible.ts';
import type { Io } from './io.ts';

interface Where {
  readonly output?: string;
}

/** Prints one JSON document, to standard output or to `--output`. @throws {HostError} */
export const printDocument = (document: object, where: Where, io: Io): Promise<void> =>
  printText(() => `${escapedJson(JSON.stringify(document, null, 2))}\n`, where, io);

/** Prints text for a person, to standard output or to `--output`, where it has no colour. @throws {HostError} */
export async function printText(
  render: (rendering: Rendering) => string,
  { output }: Where,
  io: Io,
): Promise<void> {
  io.progress.stop();
  if (output === undefined || output === '-') io.stdout(render(io.rendering));
  else await io.writeFile(output, render({ ...io.rendering, color: false, width: 80 }));
}
