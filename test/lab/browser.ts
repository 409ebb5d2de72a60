import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabNode } from './network.ts';

/** An executable that is Chromium on a machine of the lab; its driver stays outside and talks to it over a pipe. */
export interface LabBrowser {
  readonly executable: string;
  remove(): void;
}

export function browserOn({ namespace }: LabNode): LabBrowser {
  const folder = mkdtempSync(join(tmpdir(), 'turnctl-browser-'));
  const executable = join(folder, 'chromium');
  writeFileSync(
    executable,
    `#!/bin/sh\nexec ip netns exec ${namespace} /usr/bin/chromium --no-sandbox "$@"\n`,
  );
  chmodSync(executable, 0o755);
  return { executable, remove: () => rmSync(folder, { recursive: true }) };
}
