import { describe, expect, test } from 'vitest';
import { answersAsBefore } from '../../src/service/wait-until-up.ts';
import { allocated, binding, bindingFailed, silence } from '../support/observations.ts';

const silentBinding = bindingFailed(silence);
const other = { ip: '203.0.113.11' };

describe('answers as before', () => {
  const cases = [
    { name: 'all of it', before: [binding(), allocated()], now: [binding(), allocated()], up: true },
    { name: 'STUN without TURN', before: [binding(), allocated()], now: [binding()], up: false },
    { name: 'TURN without STUN', before: [binding(), allocated()], now: [allocated()], up: false },
    {
      name: 'no-stun, as before',
      before: [silentBinding, allocated()],
      now: [silentBinding, allocated()],
      up: true,
    },
    { name: 'one address of two', before: [binding(), binding(other)], now: [binding()], up: false },
    { name: 'nothing before, TURN now', before: [silentBinding], now: [allocated()], up: true },
    { name: 'nothing before, only STUN now', before: [], now: [binding()], up: false },
  ];
  for (const { name, before, now, up } of cases) {
    test(name, () => expect(answersAsBefore(now, before)).toBe(up));
  }
});
