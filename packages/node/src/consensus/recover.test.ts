import { describe, expect, it } from 'vitest';
import { simulate } from '../testing/simulator/simulate.ts';
import * as protocol from './protocol.ts';
import { leaving, type State } from './state.ts';
import { certificate, checkpoint, makeBlock, makeChain, newView, viewChange, vote } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

const [a1, a2, a3] = makeChain(3) as [
  ReturnType<typeof makeBlock>,
  ReturnType<typeof makeBlock>,
  ReturnType<typeof makeBlock>,
];
const signed = (lines: readonly string[]) => lines.filter(line => /^[A-Z]/.test(line));

describe('after a restart', () => {
  it('the same PREPAREs and COMMITs are signed again, no others', () => {
    const solo = new Solo();
    solo.propose(0, a1);
    solo.votes('prepare', 0, '1a', [2, 3]);
    solo.propose(0, a2);
    expect(signed(solo.restart(null))).toEqual(['PREPARE 0/1 1a', 'PREPARE 0/2 2a']);
    expect(solo.tick(100)).toEqual(['COMMIT 0/1 1a']);
    expect(solo.propose(0, makeBlock('2b', '1a'))).toEqual([]);
  });

  it('a proposal is signed again by its proposer', () => {
    const solo = new Solo({ me: 0 });
    solo.give({ type: 'batch', digest: 'x', barrier: false, size: 1, weight: 1 });
    expect(signed(solo.restart(null))).toEqual(['PROPOSE 0/1 1own', 'PREPARE 0/1 1own']);
  });

  it('of a replica that had asked to leave: VIEW-CHANGE byte for byte, no vote in the old view', () => {
    const solo = new Solo();
    solo.propose(0, a1);
    solo.votes('prepare', 0, '1a', [2, 3]);
    for (const signer of [2, 3]) solo.viewChange(viewChange(1, signer));
    const body = solo.state.ownViewChange;
    expect(signed(solo.restart(null))).toEqual(['VIEW-CHANGE 1 high 0/1 1a']);
    expect(solo.state.ownViewChange).toEqual(body);
    expect(signed([...solo.propose(0, a2), ...solo.tick(100)])).toEqual(['VIEW-CHANGE 1 high 0/1 1a']);
  });

  it('in a later view: the tip is PREPARED again, the view does not go back', () => {
    const solo = new Solo();
    solo.propose(0, a1);
    solo.hear(
      newView(
        1,
        [0, 2, 3].map(signer => viewChange(1, signer, { high: certificate('prepare', 0, '1a') })),
      ),
    );
    solo.restart(null);
    expect(solo.state.view).toBe(1);
    expect(signed(solo.tick(100))).toEqual(['PREPARE 1/1 1a']);
    expect(solo.hear(vote('prepare', 0, '1a', 3))).toEqual([]);
  });

  it('NEW-VIEW signed but not entered is signed again, unless a later view was asked for', () => {
    const solo = new Solo();
    for (const signer of [0, 2, 3, 1]) solo.viewChange(viewChange(1, signer));
    expect(signed(solo.restart(null))).toEqual(['NEW-VIEW 1', 'VIEW-CHANGE 1 high none']);
    for (const signer of [2, 3]) solo.viewChange(viewChange(2, signer));
    expect(signed(solo.restart(null))).toEqual(['VIEW-CHANGE 2 high none']);
  });

  it('the last cosignature is signed again with its time; one that a crash prevented is made', () => {
    const solo = new Solo();
    solo.tick(4_000);
    solo.catchUp([a1]);
    const before = solo.state.cosigned;
    expect(signed(solo.restart(a1, solo.log, 9_000))).toEqual(['CHECKPOINT 1 1a']);
    expect(solo.state.cosigned).toEqual(before);
    const crashed = solo.log.filter(({ type }) => type !== 'cosign');
    expect(solo.restart(a1, crashed, 9_000)).toContain('log cosign 1 at 9');
  });

  it('what is final is told again: a crash may have come between the log and who keeps the certificate', () => {
    const solo = new Solo();
    solo.catchUp([a1, a2], true);
    expect(solo.restart(a2)).toContain('final 2');
  });

  it('without a log in a later epoch: the log begins with the epoch, so that the next start finds it', () => {
    const base = { height: 1, hash: '1a', timestamp: 1 };
    const solo = new Solo({ epoch: 1, base, votes: false });
    expect(solo.restart(a1, [])).toEqual(['log epoch 1']);
    expect(new Solo().restart(null, [])).toEqual([]);
  });

  it('nothing final is cosigned again', () => {
    const solo = new Solo();
    solo.catchUp([a1, a2], true);
    expect(signed(solo.restart(a2))).toEqual([]);
  });

  it('a torn last record leaves the replica as it was before it', () => {
    const solo = new Solo();
    solo.propose(0, a1);
    solo.propose(0, a2);
    expect(signed(solo.restart(null, solo.log.slice(0, -1)))).toEqual(['PREPARE 0/1 1a']);
    expect(signed(solo.propose(0, a2))).toEqual(['PREPARE 0/2 2a']);
  });

  it('certified blocks whose headers are in the log are executed at once', () => {
    const solo = new Solo();
    for (const block of [a1, a2]) solo.propose(0, block);
    solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('2a') });
    expect(solo.restart(a1)).toContain('execute 2a');
  });

  it('a caught-up replica votes on in its view', () => {
    const solo = new Solo();
    for (const block of [a1, a2, a3]) solo.propose(0, block);
    solo.catchUp([a1, a2, a3]);
    solo.restart(a3);
    const [, , , a4, a5] = makeChain(5) as [
      unknown,
      unknown,
      unknown,
      ReturnType<typeof makeBlock>,
      ReturnType<typeof makeBlock>,
    ];
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '4a') });
    solo.hear({ type: 'headers', blocks: [a4] });
    expect(signed(solo.propose(0, a5))).toEqual(['PREPARE 0/5 5a']);
  });
});

/** What must outlive a restart. */
function essence(state: State): unknown {
  const {
    view,
    asked,
    tip,
    newView: entered,
    high,
    low,
    checkpoint: final,
    cosigned,
    ownNewView,
    executed,
  } = state;
  const above = <V>(map: ReadonlyMap<number, V>) =>
    [...map].filter(([height]) => height > low).sort(([a], [b]) => a - b);
  const held = [...state.blocks.values()].flatMap(({ block, heldIn }) =>
    heldIn !== null && block.height > low ? [`${block.hash} in ${heldIn}`] : [],
  );
  const asks = leaving(state) ? state.ownViewChange : null;
  return {
    view,
    asked,
    asks,
    tip,
    entered,
    high,
    low,
    final,
    cosigned,
    ownNewView,
    executed,
    accepted: above(state.accepted),
    held: held.sort(),
  };
}

describe('a compacted log', () => {
  it('rebuilds an equivalent state, over random runs', () => {
    let compared = 0;
    let moved = 0;
    const watched: typeof protocol = {
      ...protocol,
      step(state, input, hashBlock) {
        const outputs = protocol.step(state, input, hashBlock);
        if (state.now % 7 !== 0) return outputs;
        const block = state.blocks.get(state.executed.hash)?.block;
        const text = state.texts.get(state.executed.height) ?? '';
        const executed = block === undefined ? null : { block, text, closes: false };
        const rebuilt = protocol.recover(state.config, protocol.compacted(state), executed, state).state;
        if (rebuilt.cosigned?.height === state.cosigned?.height) {
          expect(essence(rebuilt)).toEqual(essence(state));
          compared++;
          if (state.view > 0) moved++;
        }
        return outputs;
      },
    };
    for (const seed of [2, 5, 11]) simulate(watched, seed, 4, 40);
    expect(compared).toBeGreaterThan(500);
    expect(moved).toBeGreaterThan(100);
  });
});
