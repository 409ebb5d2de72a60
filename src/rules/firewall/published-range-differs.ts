import { relayRange } from '../../config/effective.ts';
import { settingsOf } from '../../config/settings.ts';
import { defineRule } from '../../model/rule.ts';
import { formatPortRange, portCount, subtractPorts } from '../../util/port-range.ts';
import { listed } from '../../util/text.ts';
import { atEntry } from '../evidence.ts';
import { publishedAsIs, publishedText, publishingContainers } from '../published-ports.ts';

/** Docker starts a process for each published port: with more of them it takes minutes to start. */
const MANY_PORTS = 1000;

export default defineRule({
  id: 'firewall/published-range-differs',
  meta: {
    title: 'The container publishes another relay range than the configuration has',
    effect: 'Clients get a relay candidate, and calls through it have no media',
    why: 'coturn gives out relayed addresses from min-port to max-port. A port of that range which the container does not publish, or publishes under another number, cannot be reached by peers, although Allocate succeeds.',
    remedy:
      'Make min-port and max-port equal to the published UDP range, or run the container with --network host.',
    severity: 'error',
    references: ['RFC 8656 §7.2', 'https://docs.docker.com/engine/network/port-publishing/'],
    explainedBy: ['service/not-running'],
  },
  needs: ['config', 'version', 'containers'],
  check: ({ config, version, containers }) => {
    const settings = settingsOf(config, version.version);
    const { min, max } = relayRange(settings);
    const range = { from: min, to: max };
    const publishing = publishingContainers(containers);
    if (publishing.length === 0) return { skip: 'coturn runs in no container with ports of its own' };
    if (portCount(range) === 0) return { skip: 'the relay range of the configuration is inverted' };
    const entry = settings.deciding('min-port') ?? settings.deciding('max-port');
    return publishing.flatMap(container => {
      const missing = subtractPorts([range], publishedAsIs(container, 'udp'));
      if (missing.length === 0) return [];
      const ports = formatPortRange(range);
      const publish = `publish the range with -p ${ports}:${ports}/udp`;
      return [
        {
          ...(entry ? atEntry(entry) : {}),
          message: `container ${container.name} does not publish ${listed(missing.map(formatPortRange))}/udp of the relay range ${ports}`,
          evidence: publishedText(container),
          remedy:
            portCount(range) > MANY_PORTS
              ? `Run the container with --network host, or choose a smaller min-port to max-port and publish exactly that over UDP: Docker is slow with ${portCount(range)} ports.`
              : `Start the container again and ${publish}, or run it with --network host.`,
        },
      ];
    });
  },
});
