import { describe, expect, it } from 'vitest';
import { admit, emptyGuard, type Guard, prune } from './guard.ts';
import type { ToSign } from './output.ts';
import { makeBlock } from './testing/make.ts';

const hashBody = (what: unknown) => JSON.stringify(what);
const voteOf = (
  kind: 'prepare' | 'commit',
  view: number,
  height: number,
  hash: string,
  epoch = 0,
): ToSign => {
  return { type: 'vote', vote: { kind, epoch, view, height, hash } };
};
const change = (newView: number, epoch = 0): ToSign => {
  return { type: 'view-change', body: { epoch, newView, high: null, checkpoint: null } };
};
const cosignature = (height: number, time: number, text = `text ${height}`): ToSign => {
  return { type: 'cosignature', height, hash: `${height}a`, text, time };
};

/** Signs all but the last, which must be admitted, and tells what becomes of the last. */
function last(...whats: ToSign[]): string {
  let guard = emptyGuard(0);
  for (const what of whats.slice(0, -1)) guard = signs(guard, what);
  const verdict = admit(guard, whats.at(-1)!, hashBody);
  return 'refused' in verdict ? verdict.refused : 'signed';
}

function signs(guard: Guard, what: ToSign): Guard {
  const verdict = admit(guard, what, hashBody);
  if ('refused' in verdict) throw new Error(verdict.refused);
  return verdict.guard;
}

describe('the guard refuses', () => {
  it.each<[string, ToSign[], string]>([
    [
      'a second hash in one slot',
      [voteOf('prepare', 0, 1, 'a'), voteOf('prepare', 0, 1, 'b')],
      'signed a, asked to sign b',
    ],
    [
      'a proposal beside a PREPARE',
      [voteOf('prepare', 0, 1, '1a'), { type: 'proposal', view: 0, block: makeBlock('1b', 'g') }],
      'signed 1a, asked to sign 1b',
    ],
    ['a vote below a view asked for', [change(2), voteOf('commit', 1, 1, 'a')], 'below the floor 2'],
    [
      'a vote below a view voted in',
      [voteOf('prepare', 2, 1, 'a'), voteOf('prepare', 1, 1, 'a')],
      'below the floor 2',
    ],
    ['VIEW-CHANGE to an earlier view', [change(2), change(1)], 'below the floor 2'],
    [
      'another VIEW-CHANGE for one view',
      [
        change(1),
        { type: 'view-change', body: { epoch: 0, newView: 1, high: null, checkpoint: {} as never } },
      ],
      'asked to sign',
    ],
    [
      'another NEW-VIEW for one view',
      [
        { type: 'new-view', body: { epoch: 0, view: 1, viewChanges: [] } },
        { type: 'new-view', body: { epoch: 0, view: 1, viewChanges: [{} as never] } },
      ],
      'asked to sign',
    ],
    [
      'NEW-VIEW below the floor',
      [change(2), { type: 'new-view', body: { epoch: 0, view: 1, viewChanges: [] } }],
      'below the floor 2',
    ],
    ['a vote of another epoch', [voteOf('prepare', 0, 1, 'a', 1)], 'epoch 1'],
    ['VIEW-CHANGE of another epoch', [change(1, 1)], 'epoch 1'],
    [
      'NEW-VIEW of another epoch',
      [{ type: 'new-view', body: { epoch: 1, view: 1, viewChanges: [] } }],
      'epoch 1',
    ],
    ['a cosignature below the last', [cosignature(2, 5), cosignature(1, 6)], 'cosignature at 1'],
    ['a cosignature at an earlier time', [cosignature(1, 5), cosignature(2, 4)], 'cosignature at 2'],
    [
      'another text at one height',
      [cosignature(1, 5), cosignature(1, 5, 'other')],
      'a second cosignature at 1',
    ],
    [
      'the same head with a fresher time',
      [cosignature(1, 5), cosignature(1, 6)],
      'a second cosignature at 1',
    ],
  ])('%s', (_, whats, reason) => {
    expect(last(...whats)).toContain(reason);
  });
});

describe('the guard signs', () => {
  it.each<[string, ToSign[]]>([
    ['the same vote again', [voteOf('prepare', 0, 1, 'a'), voteOf('prepare', 0, 1, 'a')]],
    ['PREPARE and COMMIT of one slot', [voteOf('prepare', 0, 1, 'a'), voteOf('commit', 0, 1, 'a')]],
    ['another block in a later view', [voteOf('prepare', 0, 1, 'a'), voteOf('prepare', 1, 1, 'b')]],
    ['in the view asked for', [change(1), voteOf('prepare', 1, 1, 'a')]],
    ['the same VIEW-CHANGE again', [change(1), change(1)]],
    ['the next cosignature', [cosignature(1, 5), cosignature(2, 5)]],
    ['the same cosignature again', [cosignature(1, 5), cosignature(1, 5)]],
  ])('%s', (_, whats) => {
    expect(last(...whats)).toBe('signed');
  });
});

describe('pruning', () => {
  it('keeps what lies above the last final block, in the views from the floor on, and view changes', () => {
    let guard = emptyGuard(0);
    for (const what of [voteOf('prepare', 0, 1, 'a'), voteOf('prepare', 0, 2, 'a'), change(1)])
      guard = signs(guard, what);
    guard = signs(guard, { type: 'new-view', body: { epoch: 0, view: 1, viewChanges: [] } });
    for (const height of [2, 3, 4]) guard = signs(guard, voteOf('prepare', 1, height, 'b'));
    expect([...prune(guard, 2).signed.keys()]).toEqual([
      'view-change/1/0',
      'new-view/1/0',
      'prepare/1/3',
      'prepare/1/4',
    ]);
  });

  it('keeps the highest vote of each kind, though it is final: an older log must not go unnoticed', () => {
    let guard = emptyGuard(0);
    for (const height of [1, 2, 3]) guard = signs(guard, voteOf('prepare', 0, height, 'a'));
    for (const height of [1, 2]) guard = signs(guard, voteOf('commit', 0, height, 'a'));
    expect([...prune(guard, 9).signed.keys()]).toEqual(['prepare/0/3', 'commit/0/2']);
    expect([...prune(signs(guard, change(1)), 9).signed.keys()]).toEqual(['view-change/1/0']);
  });

  it('forgets nothing that may still conflict: the floor stands for the views below', () => {
    const guard = prune(
      signs(signs(emptyGuard(0), voteOf('prepare', 0, 9, 'a')), voteOf('prepare', 1, 9, 'b')),
      0,
    );
    expect([...guard.signed.keys()]).toEqual(['prepare/1/9']);
    expect(admit(guard, voteOf('prepare', 0, 9, 'c'), hashBody)).toHaveProperty('refused');
  });
});
