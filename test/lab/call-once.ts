import { holdAllocations } from './held-allocations.ts';
import type { LabNode } from './network.ts';

/** Makes one allocation from `node` and gives it back, which is a session in the log of coturn. */
export async function callOnce(
  node: LabNode,
  server: { ip: string; port: number; secret: string },
): Promise<void> {
  const held = await holdAllocations(node, { ...server, count: 1 });
  try {
    if ((await held.end(1)) !== 1) throw new Error('the allocation was not given back');
  } finally {
    held.close();
  }
}
