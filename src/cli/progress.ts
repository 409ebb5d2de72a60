import type { Progress } from '../commands/io.ts';

const SILENT: Progress = { update() {}, stop() {} };

/** What is being waited for, on one line of a terminal; nothing at all when standard error is piped. */
export function progressOn(stream: NodeJS.WriteStream, enabled: boolean): Progress {
  if (!stream.isTTY || !enabled) return SILENT;
  let latest = '';
  let spinner: { text: string; stop(): unknown } | undefined;
  let stopped = false;
  // Quick runs end before the library is there, and show nothing: that is as wanted.
  const load = async () => {
    const { default: ora } = await import('ora');
    if (!stopped) spinner = ora({ stream, text: latest, discardStdin: false }).start();
  };
  return {
    update(text) {
      const first = latest === '';
      latest = text;
      if (spinner !== undefined) spinner.text = text;
      else if (first) void load();
    },
    stop() {
      stopped = true;
      spinner?.stop();
    },
  };
}
