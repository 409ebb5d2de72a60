import type { RemoteHost } from '../commands/io.ts';
import { UsageError } from '../commands/usage-error.ts';
import { destinationProblem } from '../host/ssh/destination.ts';

/** Opens the host of `--ssh`. @throws {UsageError} for no destination of ssh, {HostError} when ssh cannot connect */
export async function connectTo(
  destination: string,
  options: { readonly interactive: boolean; readonly signal: AbortSignal },
): Promise<RemoteHost> {
  const problem = destinationProblem(destination);
  if (problem !== undefined) {
    throw new UsageError(
      `--ssh ${destination}: ${problem}`,
      'Give [USER@]HOST, or a Host of your ~/.ssh/config.',
    );
  }
  const { openSshHost } = await import('../host/ssh/host.ts');
  return openSshHost(destination, options);
}
