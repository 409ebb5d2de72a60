/** Host of a stun, stuns, turn or turns URI, without brackets and in lower case: `2001:db8::1` of `turn:[2001:db8::1]:3478`. */
export function hostOf(uri: string): string {
  const authority = uri.replace(/^\w+:(?:\/\/)?/, '').replace(/\?.*$/, '');
  const host = /^\[([^\]]*)\]/.exec(authority)?.[1] ?? authority.replace(/:\d*$/, '');
  return host.toLowerCase();
}
