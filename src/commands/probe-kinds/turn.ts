import { isTurn, type ProbeKind } from './kind.ts';

export const turn: ProbeKind = {
  name: 'turn',
  summary: 'challenge, Allocate, permission, data both ways, channel, delete (RFC 8656)',
  fits: isTurn,
  instead: 'Give a host name, or a turn: or turns: URI.',
  probing: () => ({ steps: ['turn-allocate', 'turn-data-path', 'server-identity'] }),
};
