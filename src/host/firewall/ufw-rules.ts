/** A rule as ufw keeps it in user.rules or user6.rules. */
export interface UfwRule {
  /** `allow`, `deny`, `reject` or `limit`; `_log` and `_log-all` stand behind it. */
  readonly action: string;
  readonly protocol: string;
  /** `3478`, `49152:65535`, `80,443` or `any`. */
  readonly ports: string;
  /** For any sender to any address of the host, over any interface. */
  readonly general: boolean;
  readonly comment: string;
}

/** Reads the lines `### tuple ### allow udp 3478 0.0.0.0/0 any 0.0.0.0/0 in comment=7475…` and ignores the rest. */
export const parseUfwRules = (text: string): UfwRule[] =>
  [...text.matchAll(/^### tuple ### (.+)$/gm)].map(([, tuple = '']) => {
    const [action = '', protocol = '', ports = '', to, senderPorts, from, ...rest] = tuple.split(' ');
    const comment = rest.find(word => word.startsWith('comment='))?.slice('comment='.length) ?? '';
    const everywhere = (address: string | undefined) => address === '0.0.0.0/0' || address === '::/0';
    return {
      action,
      protocol,
      ports,
      general:
        everywhere(to) && everywhere(from) && senderPorts === 'any' && rest.some(word => word === 'in'),
      comment: Buffer.from(comment, 'hex').toString(),
    };
  });
