/** A date in the words of OpenSSL or any other as UTC ISO 8601; null when it is none. */
export function isoDate(text: string): string | null {
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
