import type { ProbeKind } from './kind.ts';

export const tls: ProbeKind = {
  name: 'tls',
  summary: 'handshake, certificate, versions, suites, ALPN, what is behind it',
  fits: ({ transport }) => transport === 'tls',
  instead: 'Give a host name, or a turns: or stuns: URI.',
  probing: () => ({ steps: ['tls-handshake', 'tls-survey'] }),
};
