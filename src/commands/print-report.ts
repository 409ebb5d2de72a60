import type { Report } from '../model/report.ts';
import { renderReport } from '../report/index.ts';
import { rules } from '../rules/index.ts';
import type { Io } from './io.ts';
import { formatOf, type ReportOptions } from './options.ts';

/** Prints the report in the format asked for, to standard output or to `--output`. @throws {HostError} */
export async function printReport(report: Report, options: ReportOptions, io: Io): Promise<void> {
  io.progress.stop();
  const format = formatOf(options);
  const toFile = options.output !== undefined && options.output !== '-';
  const rendering = toFile ? { ...io.rendering, color: false, width: 80 } : io.rendering;
  const text = renderReport(format, report, rendering, rules);
  if (toFile) await io.writeFile(options.output as string, text);
  else io.stdout(text);
}
