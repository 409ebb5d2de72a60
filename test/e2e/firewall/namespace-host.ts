import type { Host } from '../../../src/host/host.ts';
import { localHost } from '../../../src/host/local.ts';
import { inNode, type LabNode } from '../../lab/network.ts';

/** This machine with the network of a node of the lab: its programs run there, and /proc/net is that of the node. */
export function namespaceHost(node: LabNode): Host {
  const local = localHost();
  return {
    ...local,
    run: (argv, options) => local.run(['ip', 'netns', 'exec', node.namespace, ...argv], options),
    readFile: async (path, options) =>
      path.startsWith('/proc/net/')
        ? new TextEncoder().encode(inNode(node, ['cat', path]))
        : local.readFile(path, options),
  };
}
