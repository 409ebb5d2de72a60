import { setMaxListeners } from 'node:events';
import { type Host, HostError } from './host.ts';

/**
 * The same host, on which no program is waited for longer than `eachMs`, and none any more after `signal`: a hanging
 * `systemctl` costs what it would have told, and not the rest of the run. Files are read all the same.
 */
export function boundedHost(host: Host, { eachMs, signal }: { eachMs: number; signal: AbortSignal }): Host {
  // One listener for each program that runs, and a dozen run at a time.
  setMaxListeners(0, signal);
  return {
    ...host,
    run: async (argv, options = {}) => {
      if (signal.aborted) throw new HostError('timed-out', `no time was left for ${argv[0]}`);
      const timeoutMs = Math.min(eachMs, options.timeoutMs ?? eachMs);
      return host.run(argv, { ...options, timeoutMs, signal });
    },
  };
}
