import { expect, test } from 'vitest';
import { oncePerKey, oncePerObject } from '../../src/util/once.ts';

test('an answer is worked out once, also when it is nothing', () => {
  const asked: string[] = [];
  const answer = oncePerKey((key: string) => void asked.push(key));
  for (const key of ['a', 'b', 'a', 'b']) expect(answer(key)).toBeUndefined();
  expect(asked).toEqual(['a', 'b']);
});

test('objects are told apart by identity', () => {
  let count = 0;
  const number = oncePerObject((_: object) => ++count);
  const [one, other] = [{}, {}];
  expect([number(one), number(other), number(one)]).toEqual([1, 2, 1]);
});

test('too many keys are forgotten, and answered anew', () => {
  const asked: number[] = [];
  const answer = oncePerKey((key: number) => {
    asked.push(key);
    return key * 2;
  }, 2);
  expect([1, 2, 3, 3, 1].map(answer)).toEqual([2, 4, 6, 6, 2]);
  expect(asked).toEqual([1, 2, 3, 1]);
});
