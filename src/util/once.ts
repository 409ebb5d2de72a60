/** The same function, which works an answer out once an object. For facts: they do not change, and many rules ask. */
export function oncePerObject<K extends object, V>(answer: (key: K) => V): (key: K) => V {
  return through(new WeakMap<K, V>(), answer);
}

/** The same for keys of which there are few, as releases. Beyond `most` all answers are forgotten, and begun anew. */
export function oncePerKey<K, V>(answer: (key: K) => V, most = 1000): (key: K) => V {
  const answers = new Map<K, V>();
  return through(answers, key => {
    if (answers.size >= most) answers.clear();
    return answer(key);
  });
}

interface Answers<K, V> {
  has(key: K): boolean;
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

const through =
  <K, V>(answers: Answers<K, V>, answer: (key: K) => V): ((key: K) => V) =>
  key => {
    const known = answers.get(key);
    if (known !== undefined || answers.has(key)) return known as V;
    const value = answer(key);
    answers.set(key, value);
    return value;
  };
