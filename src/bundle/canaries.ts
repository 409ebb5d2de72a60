/** Secrets that are planted, and text that has one in each place where a secret can be. */
export interface Canaries {
  readonly secrets: readonly string[];
  readonly text: string;
}

type Place = (secret: string) => string;

/** One line for each way in which hosts give secrets away. */
const PLACES: readonly Place[] = [
  secret => `static-auth-secret=${secret}`,
  secret => `#static-auth-secret=${secret}`,
  secret => `user=somebody:${secret}`,
  secret => `cli-password=${secret}`,
  secret => `psql-userdb="host=db dbname=turn user=turn password=${secret} connect_timeout=30"`,
  secret => `redis-userdb=redis://:${secret}@db/2`,
  secret => `turnserver -n --static-auth-secret ${secret}`,
  secret => `Environment=TURN_SECRET=${secret}`,
  secret => `srv turnserver[1]: 0: : ERROR: cannot use ${secret} here`,
  secret => `srv app[2]: GET /turn?token=${secret} HTTP/1.1`,
  secret => `srv app[2]: Authorization: Bearer ${secret}`,
  secret => `{"username":"1769864400:somebody","password":${JSON.stringify(secret)}}`,
  secret => `/var/lib/turn/${encodeURIComponent(secret)}.db`,
  secret => `base64 ${Buffer.from(`secret=${secret}`).toString('base64')}`,
  secret => `hex ${Buffer.from(secret).toString('hex')}`,
];

/** `random` makes a text of its own each time it is called. */
export function plantCanaries(random: () => string): Canaries {
  // Characters that JSON and URLs write in other ways.
  const planted = PLACES.map(place => ({ place, secret: `canary/${random()}+"` }));
  return {
    secrets: planted.map(({ secret }) => secret),
    text: `${planted.map(({ place, secret }) => place(secret)).join('\n')}\n`,
  };
}
