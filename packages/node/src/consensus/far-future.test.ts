import { describe, expect, it } from 'vitest';
import type { Message } from './messages.ts';
import {
  certificate,
  checkpointVote,
  makeBlock,
  newView,
  proposal,
  viewChange,
  vote,
} from './testing/make.ts';
import { Solo } from './testing/solo.ts';

const COUNT = 100_000;

/** Things held in maps, however deep. */
function held(value: unknown): number {
  if (!(value instanceof Map)) return value !== null && typeof value === 'object' ? heldIn(value) : 0;
  return [...value.values()].reduce((sum: number, one) => sum + held(one), value.size);
}

function heldIn(value: object): number {
  return Object.values(value).reduce((sum: number, one) => sum + held(one), 0);
}

describe('100 000 messages from the far future', () => {
  it.each<[string, (at: number) => Message]>([
    ['proposals', at => proposal(0, makeBlock(`${at}a`, `${at - 1}a`))],
    ['proposals of later views', at => proposal(at, makeBlock(`${at}a`, `${at - 1}a`))],
    ['PREPAREs', at => vote('prepare', 0, `${at}a`, 3)],
    ['COMMITs of later views', at => vote('commit', at, '1a', 3)],
    ['cosignatures', at => ({ type: 'checkpoint-vote', vote: checkpointVote(`${at}a`, 3) })],
    ['VIEW-CHANGEs', at => ({ type: 'view-change', viewChange: viewChange(at, 3) })],
    ['NEW-VIEWs', at => newView(at, [viewChange(at, 3)])],
    [
      'PREPARED certificates',
      at => ({ type: 'commit-certificate', certificate: certificate('prepare', 0, `${at}a`) }),
    ],
    ['headers', at => ({ type: 'headers', blocks: [makeBlock(`${at}a`, `${at - 1}a`)] })],
  ])('of which no more than one is held: %s', (_, message) => {
    const solo = new Solo();
    const most = heldIn(solo.state) + 1;
    for (let at = 100; at < 100 + COUNT; at++) {
      solo.hear(message(at), 3);
      if (at % 1000 === 0) expect(heldIn(solo.state)).toBeLessThanOrEqual(most);
    }
    expect([solo.state.view, solo.state.asked, solo.state.target.height]).toEqual([0, 0, 0]);
  });
});
