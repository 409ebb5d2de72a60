import { orNull } from './attempt.ts';
import type { Host } from './host.ts';

/** A cloud whose security groups stand in front of its machines. */
export const CLOUDS = ['aws', 'azure', 'digitalocean', 'google', 'hetzner', 'vultr'] as const;
export type Cloud = (typeof CLOUDS)[number];

/** What the firmware of their machines calls itself. */
const MAKERS: readonly (readonly [pattern: RegExp, cloud: Cloud])[] = [
  [/Amazon EC2/i, 'aws'],
  [/^7783-7084-3265-9085-8269-3286-77$/m, 'azure'],
  [/DigitalOcean/i, 'digitalocean'],
  [/Google Compute Engine/i, 'google'],
  [/Hetzner/i, 'hetzner'],
  [/Vultr/i, 'vultr'],
];

const NAMES = ['sys_vendor', 'product_name', 'chassis_asset_tag', 'bios_vendor', 'board_vendor'];

/** The cloud this machine runs in, by the names in its firmware; null where they name none. */
export async function readCloud(host: Host): Promise<Cloud | null> {
  const texts = await Promise.all(
    NAMES.map(name => orNull(() => host.readFile(`/sys/class/dmi/id/${name}`))),
  );
  return cloudOf(texts.map(bytes => (bytes ? Buffer.from(bytes).toString().trim() : '')).join('\n'));
}

/** The cloud that firmware names, one a line, tell; null where they name none. */
export const cloudOf = (names: string): Cloud | null =>
  MAKERS.find(([pattern]) => pattern.test(names))?.[1] ?? null;
