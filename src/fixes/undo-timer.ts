import { orNull } from '../host/attempt.ts';
import { HostError } from '../host/host.ts';
import { type Journal, runFolder, writeNew } from './journal.ts';

/** `turnctl-undo-20260131T120000Z`. */
const unitOf = (id: string): string => `turnctl-undo-${id}`;

/**
 * Starts what undoes the run at a given time, unless it was kept by then. It does not hang on turnctl, or on the
 * connection over which turnctl runs: systemd's own timer, or else a process with a session of its own. @throws {HostError}
 */
export async function armUndo(
  journal: Journal,
  id: string,
  { seconds, nowMs }: { readonly seconds: number; readonly nowMs: number },
): Promise<void> {
  const { host } = journal;
  const folder = runFolder(journal, id);
  const script = `${folder}/undo.sh`;
  const until = new Date(nowMs + seconds * 1000).toISOString();
  await writeNew(host, `${folder}/confirm-until`, `${until}\n`);
  const timer = ['systemd-run', '--quiet', '--collect', `--unit=${unitOf(id)}`, `--on-active=${seconds}s`];
  const precise = '--timer-property=AccuracySec=100ms';
  const byTimer = await orNull(() => host.run([...timer, precise, 'sh', script, 'unless-kept']));
  if (byTimer?.exitCode === 0) return;
  const byProcess = await orNull(() => host.run(['setsid', '--fork', 'sh', script, 'wait', String(seconds)]));
  if (byProcess?.exitCode === 0) return;
  throw new HostError(
    'io',
    'this host has neither systemd-run nor setsid, with which to undo a change that cuts you off',
    {
      hint: 'Nothing was changed.',
    },
  );
}

/** Once the run is kept or undone it has nothing to do; without systemd it finds that out by itself. */
export async function disarmUndo({ host }: Journal, id: string): Promise<void> {
  await orNull(() => host.run(['systemctl', 'stop', `${unitOf(id)}.timer`]));
}
