/** Ports at the edges of which random rules have their ranges, and to which packets are sent. */
export const PORTS = [
  22, 53, 80, 443, 3477, 3478, 3479, 5349, 49_151, 49_152, 50_000, 65_534, 65_535,
] as const;

/** A generator of numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Dice {
  pick<T>(choices: readonly T[]): T;
  chance(share: number): boolean;
  range(separator: string): string;
}

function diceFrom(seed: number): Dice {
  const random = randomFrom(seed);
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  return {
    pick,
    chance: share => random() < share,
    range(separator) {
      const [a, b] = [pick(PORTS), pick(PORTS)];
      return a === b ? `${a}` : `${Math.min(a, b)}${separator}${Math.max(a, b)}`;
    },
  };
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** nft refuses a rule that asks for two protocols of one layer; then only the first is kept. */
function compatible(matches: readonly string[]): string[] {
  const transports = new Set(matches.flatMap(match => match.match(/\b(udp|tcp|icmp)\b/g) ?? []));
  const families = new Set(matches.flatMap(match => /^(ip6?|icmp)\b/.exec(match)?.[1] ?? []));
  return matches.filter(Boolean).slice(0, transports.size > 1 || families.size > 1 ? 1 : 2);
}

/**
 * A file for `nft -f`: two input chains, one before routing, chains to jump to, sets and maps.
 * What follows the first packet passes, or a reject of TCP's third one would look like a refusal of the first.
 */
export function randomNftRuleset(seed: number): string {
  const dice = diceFrom(seed);
  const { pick, chance, range } = dice;
  const portSet = () => [...new Set(times(3, () => pick(PORTS)))].join(', ');
  const named = [...new Set(times(4, () => pick(PORTS)))];
  const verdictMap = () =>
    [...new Set(times(3, () => pick(PORTS)))]
      .map(port => `${port} : ${pick(['accept', 'drop', 'jump one'])}`)
      .join(', ');
  const portMatch = () => {
    const protocol = pick(['udp', 'tcp']);
    return pick([
      `${protocol} dport ${pick(PORTS)}`,
      `${protocol} dport ${range('-')}`,
      `${protocol} dport != ${range('-')}`,
      `${protocol} dport { ${portSet()} }`,
      `${protocol} dport != { ${portSet()} }`,
      `${protocol} dport @some_ports`,
      `${protocol} dport ${pick(['<', '>=', '>', '<='])} ${pick(PORTS)}`,
      `meta l4proto { tcp, udp } th dport ${pick(PORTS)}`,
      `meta l4proto . th dport { ${protocol} . ${pick(PORTS)}, tcp . 22 }`,
      `meta l4proto ${protocol}`,
      `meta l4proto != ${protocol}`,
      `ip protocol ${protocol}`,
      `ip6 nexthdr ${protocol}`,
    ]);
  };
  const condition = () =>
    pick([
      'ct state new',
      'ct state { new, untracked }',
      'ct state invalid,established',
      'ct state != established',
      'ct state vmap { invalid : drop, established : accept, related : accept }',
      'iifname "eth0"',
      'iifname != "eth0"',
      'iifname { "eth*", "wg0" }',
      'iifname "lo"',
      'iif lo',
      'meta nfproto ipv4',
      'meta nfproto ipv6',
      'ip saddr 0.0.0.0/0',
      'ip6 saddr ::/0',
      'ip saddr 10.0.0.0/8',
      'ip daddr 203.0.113.0/24',
      'ip daddr 224.0.0.0/4',
      'ip6 daddr 2001:db8::10',
      'limit rate over 9000/second burst 500 packets',
      'limit rate 9000/second burst 500 packets',
      'fib daddr type local',
      'fib daddr type { broadcast, multicast }',
      'meta pkttype host',
      'meta mark 0',
      'meta mark 7',
      'tcp flags & (fin|syn|rst|ack) == syn',
      'tcp flags & (fin|syn|rst|ack) != syn',
      'tcp flags ack',
      'icmp type echo-request',
      'counter',
    ]);
  const verdict = (deeper: readonly string[]) =>
    pick([
      'accept',
      'accept',
      'drop',
      'reject',
      'reject with icmpx admin-prohibited',
      'return',
      'counter',
      'meta mark set 7',
      ...deeper,
    ]);
  const rule = (deeper: readonly string[]) => {
    const parts = compatible([chance(0.75) ? portMatch() : '', chance(0.5) ? condition() : '']);
    if (chance(0.1))
      return `${pick(['udp', 'tcp'])} dport vmap { ${verdictMap().replaceAll('jump one', 'accept')} }`;
    if (parts.some(part => part.includes('vmap'))) return parts.join(' ');
    return `${parts.join(' ')} ${verdict(deeper)}`.trim();
  };
  const rules = (count: number, deeper: readonly string[]) =>
    times(count, () => `    ${rule(deeper)}`).join('\n');
  const redirect = `${pick(['udp', 'tcp'])} dport ${pick(PORTS)} redirect to :${pick(PORTS)}`;
  return `
table inet guesswork {
  set some_ports {
    type inet_service
    flags interval
    elements = { ${named.join(', ')} }
  }
  chain two {
${rules(2, [])}
  }
  chain one {
${rules(2, ['jump two', 'goto two'])}
  }
  chain early {
    type filter hook prerouting priority raw; policy ${pick(['accept', 'accept', 'drop'])};
    tcp flags & (fin|syn|rst|ack) != syn accept
${chance(0.3) ? `    ${portMatch()} notrack` : ''}
${rules(2, ['jump two'])}
    ${chance(0.7) ? 'accept' : 'continue'}
  }
  chain translate {
    type nat hook prerouting priority dstnat; policy accept;
    ${chance(0.5) ? redirect : 'counter'}
  }
  chain input {
    type filter hook input priority filter; policy ${pick(['accept', 'drop', 'drop'])};
    tcp flags & (fin|syn|rst|ack) != syn accept
${rules(6, ['jump one', 'goto one', 'jump two'])}
  }
  chain late {
    type filter hook input priority 20; policy ${pick(['accept', 'accept', 'drop'])};
    tcp flags & (fin|syn|rst|ack) != syn accept
${rules(2, ['jump one'])}
    ${chance(0.7) ? 'accept' : 'continue'}
  }
}
`;
}

/** A file for `iptables-restore` or `ip6tables-restore`. */
export function randomIptablesRuleset(seed: number): string {
  const { pick, chance, range } = diceFrom(seed);
  const not = () => (chance(0.2) ? '! ' : '');
  const ports = () => {
    const protocol = pick(['udp', 'tcp']);
    return pick([
      `-p ${protocol} -m ${protocol} ${not()}--dport ${pick(PORTS)}`,
      `-p ${protocol} -m ${protocol} ${not()}--dport ${range(':')}`,
      `-p ${protocol} -m multiport ${not()}--dports ${[...new Set([pick(PORTS), pick(PORTS)])].join(',')},1000:1001`,
      `-p ${protocol}`,
      `! -p ${protocol}`,
    ]);
  };
  const condition = () =>
    pick([
      '-m conntrack --ctstate NEW',
      '-m conntrack --ctstate RELATED,ESTABLISHED',
      '-m conntrack ! --ctstate INVALID',
      '-m state --state NEW,ESTABLISHED',
      '-i eth0',
      '! -i eth0',
      '-i eth+',
      '-i lo',
      '-m limit --limit 900/sec --limit-burst 500',
      '-m hashlimit --hashlimit-above 900/sec --hashlimit-burst 800 --hashlimit-name random',
      '-m addrtype --dst-type LOCAL',
      '-m addrtype --dst-type MULTICAST',
      '-m mark --mark 0x7',
      '-m pkttype --pkt-type unicast',
      '-m comment --comment "of \\"no\\" { importance"',
      '-m connlimit --connlimit-above 400 --connlimit-mask 0',
      '-m recent --rcheck --name nobody',
    ]);
  const rule = (chain: string, deeper: readonly string[]) => {
    const verdict = pick([
      '-j ACCEPT',
      '-j ACCEPT',
      '-j DROP',
      '-j REJECT',
      '-j RETURN',
      '-j MARK --set-mark 7',
      ...deeper,
    ]);
    const into = verdict.includes('MARK') && chain !== 'mark' ? '-j ACCEPT' : verdict;
    return [`-A ${chain}`, chance(0.8) ? ports() : '', chance(0.4) ? condition() : '', into]
      .filter(Boolean)
      .join(' ');
  };
  return [
    '*mangle',
    ':PREROUTING ACCEPT',
    `-A PREROUTING ${ports()} ${pick(['-j MARK --set-mark 7', '-j DROP', '-j ACCEPT'])}`,
    'COMMIT',
    '*filter',
    `:INPUT ${pick(['ACCEPT', 'DROP', 'DROP'])}`,
    ':one -',
    ':two -',
    '-A INPUT -p tcp -m tcp ! --syn -j ACCEPT',
    ...times(6, () => rule('INPUT', ['-j one', '-g one', '-j two'])),
    ...times(3, () => rule('one', ['-j two', '-g two'])),
    ...times(2, () => rule('two', [])),
    'COMMIT',
    '',
  ].join('\n');
}
