/** Secrets and passwords printed in coturn's own documents, in tutorials and in container images: anybody may try them. */
export const PUBLISHED_SECRETS: ReadonlySet<string> = new Set([
  'north',
  'logen',
  'youhavetoberealistic',
  'hero',
  'heslo',
  'qwerty',
  'username1',
  'password1',
  'key1',
  'key2',
  'bar',
  'foo',
  'test',
  'test123',
  'test1234',
  'coturn',
  'turn',
  'turnserver',
  'turnpassword',
  'webrtc',
  'openrelayproject',
  'muazkh',
  'admin',
  'guest',
  'somepassword',
  'yourpassword',
  'yoursecret',
  'your-secret',
  'your_secret',
  'mysecret',
  'my-secret',
  'secret',
  'password',
  'pass',
  'passw0rd',
  'changeme',
  'kurento',
  '123456',
  '12345678',
  '0xbc807ee29df3c9ffa736523fb2c4e8ee',
  '0x7da2270ccfa49786e0115366d3a3d14d',
]);

/** Words people write where a secret is to be filled in. */
const PLACEHOLDER =
  /^(?:<.*>|\[.*\]|\{\{.*\}\}|%.+%|\$\{.*\}|\$\(.*\)|\$[A-Z_]+|x{3,}|\*{3,}|\.{3,}|todo|tbd|fixme)$|^(?:your|change|replace|insert|enter|put|paste|generate)[-_ ]?(?:me|this|it|the|your|with|a|an|own|here|long|strong|random|secret|turn|pass|static|auth|shared|key|user)|(?:[-_ ]here|[-_ ]goes[-_ ]here|change[-_ ]?me|replace[-_ ]?(?:me|this))$/i;

/** Whether a value still waits to be filled in: `YOUR_SECRET`, `<secret>`, `changeme`. */
export const isPlaceholder = (value: string): boolean => PLACEHOLDER.test(value.trim());
