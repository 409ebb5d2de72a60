/** Why `text` cannot be the destination of ssh(1), or undefined: it is given to ssh as one argument and no more. */
export function destinationProblem(text: string): string | undefined {
  if (text === '' || text.endsWith('@')) return 'it names no host';
  // ssh would take it for a flag of its own.
  if (text.startsWith('-') || text.includes('@-')) return 'a host name cannot begin with a hyphen';
  return /^[\w.@:/[\]%+-]+$/.test(text) ? undefined : 'it holds a character that no user or host name has';
}
