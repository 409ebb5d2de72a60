import { listenerPlan } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { isPublished, publishedText, publishingContainers } from '../published-ports.ts';

export default defineRule({
  id: 'firewall/udp-not-published',
  meta: {
    title: 'The container publishes only TCP of the listening port',
    effect: 'Clients cannot reach the server over UDP, and gather for 40 s',
    why: 'Docker publishes a port as TCP unless /udp is written behind it. STUN and almost all of TURN are UDP, so the server looks healthy inside the container and silent from outside.',
    remedy: 'Publish the port once more with /udp behind it, or run the container with --network host.',
    severity: 'error',
    references: ['https://docs.docker.com/engine/network/port-publishing/'],
    explainedBy: ['service/not-running'],
  },
  needs: ['config', 'version', 'containers'],
  check: ({ config, version, containers }) => {
    const { udp } = listenerPlan(settingsOf(config, version.version));
    const publishing = publishingContainers(containers);
    if (publishing.length === 0) return { skip: 'coturn runs in no container with ports of its own' };
    if (!udp.on) return { skip: 'UDP is switched off' };
    const port = { from: udp.port, to: udp.port };
    return publishing
      .filter(container => isPublished(container, 'tcp', port) && !isPublished(container, 'udp', port))
      .map(container => ({
        message: `container ${container.name} publishes ${udp.port}/tcp and not ${udp.port}/udp`,
        evidence: publishedText(container),
        remedy: `Start it again with -p ${udp.port}:${udp.port}/udp as well (in Compose: - "${udp.port}:${udp.port}/udp").`,
      }));
  },
});
