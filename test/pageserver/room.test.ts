import { describe, expect, test } from 'vitest';
import { Room, type RoomNews } from '../../src/pageserver/room.ts';

/** A room, and who was told what. */
function roomWith(...ids: string[]) {
  const room = new Room();
  const heard = new Map<string, RoomNews[]>();
  const tells = new Map<string, (news: RoomNews) => void>();
  const join = (id: string) => {
    const tell = (news: RoomNews) => void heard.set(id, [...(heard.get(id) ?? []), news]);
    tells.set(id, tell);
    return room.join(id, tell);
  };
  const leave = (id: string) => room.leave(id, tells.get(id) ?? (() => {}));
  for (const id of ids) join(id);
  return { room, join, leave, last: (id: string) => heard.get(id)?.at(-1), tells };
}

describe('a room of two', () => {
  test('the first waits, and with the second one of them calls', () => {
    const { last, join } = roomWith('a');
    expect(last('a')).toEqual({ kind: 'waiting' });
    join('b');
    expect([last('a'), last('b')]).toEqual([
      { kind: 'meeting', round: 2, calls: false },
      { kind: 'meeting', round: 2, calls: true },
    ]);
  });

  test('what one says only the other hears', () => {
    const { room, last } = roomWith('a', 'b');
    expect(room.say('a', 2, 'hello')).toBe(true);
    expect([last('a')?.kind, last('b')]).toEqual(['meeting', { kind: 'signal', round: 2, signal: 'hello' }]);
  });

  test('a third one is told that it is full, and hears and says nothing', () => {
    const { room, join, last } = roomWith('a', 'b');
    expect(join('c')).toBe(false);
    expect([room.say('c', 2, 'hello'), room.say('a', 2, 'hello')]).toEqual([false, true]);
    expect([last('c'), last('b')?.kind]).toEqual([{ kind: 'full' }, 'signal']);
  });

  test('what belongs to a meeting that is over is not passed on', () => {
    const { room, join, leave, last } = roomWith('a', 'b');
    leave('b');
    expect([room.say('a', 2, 'late'), last('a')]).toEqual([false, { kind: 'waiting' }]);
    join('c');
    expect([room.say('a', 2, 'late'), last('c')?.kind]).toEqual([false, 'meeting']);
  });

  test('whoever comes back has a seat, and the connection that was lost does not take it away', () => {
    const { room, join, last, tells } = roomWith('a', 'b');
    const lost = tells.get('b') ?? (() => {});
    expect(join('b')).toBe(true);
    room.leave('b', lost);
    expect([last('a'), last('b')]).toEqual([
      { kind: 'meeting', round: 3, calls: false },
      { kind: 'meeting', round: 3, calls: true },
    ]);
  });
});
