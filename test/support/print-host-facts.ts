import { gatherHostFacts } from '../../src/facts/host-facts.ts';
import { localHost } from '../../src/host/local.ts';
import { recordingHost } from '../../src/host/recording.ts';
import { maskSecrets } from '../../src/util/mask.ts';

/** The program that tests bundle and run on another host: its facts, and the recording they come from, as JSON. */
const host = recordingHost(localHost(), maskSecrets);
const { facts } = await gatherHostFacts({ host });
process.stdout.write(JSON.stringify({ facts, recording: host.recording() }));
