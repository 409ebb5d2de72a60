import type { ProbeKind } from './kind.ts';

export const stun: ProbeKind = {
  name: 'stun',
  summary: 'Binding over every transport and address (RFC 8489)',
  fits: () => true,
  instead: 'Give a host name, or a URI.',
  probing: () => ({ steps: ['stun-binding'] }),
};
