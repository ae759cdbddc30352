import { nativeHasher } from '@qifeng/core/native';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Block } from '../consensus/messages.ts';
import type { LedgerReader } from '../ports/ledger-store.ts';
import { HeaderDesk } from './header-desk.ts';

/** The clock stands still, or there is more to have with every ms. */
beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

/** Headers that each of these gets for a hundred requests, one after the other. */
function given(members: readonly string[], held: number): readonly number[] {
  const desk = new HeaderDesk({ heightOf: () => null } as unknown as LedgerReader, nativeHasher);
  const blocks = Array<Block>(held).fill({} as Block);
  const answers = (member: string) =>
    Array.from({ length: 100 }, () => desk.answer(member, blocks, '00', 0).length);
  return members.map(member => answers(member).reduce((sum, count) => sum + count, 0));
}

it('observers are given the headers that one member may have, all of them together', () => {
  expect(given(['530100', '530300', '11430000006122244L'], 128)).toEqual([20 * 128, 0, 0]);
  // One that keeps up asks for few at a time: many of them find room.
  expect(given(['530100', '530300'], 2)).toEqual([200, 200]);
});

it('members are given all they ask for, whatever observers had', () => {
  expect(given(['530100', '110000', '120000'], 128)).toEqual([20 * 128, 12_800, 12_800]);
});
