import { describe, expect, it } from 'vitest';
import { certificate, checkpoint, makeBlock, makeChain, newView, viewChange } from './testing/make.ts';
import { Solo } from './testing/solo.ts';

const leader = (given = {}) => new Solo({ me: 0, ...given });
const batch = (solo: Solo, digest: string, barrier = false) =>
  solo.give({ type: 'batch', digest, barrier, size: 1, weight: 1 });
const block = (solo: Solo, hash: string) => solo.state.blocks.get(hash)!.block;

describe('rule 1: the leader proposes', () => {
  it('when there is work, its acceptance logged before PRE-PREPARE', () => {
    const solo = leader();
    expect(batch(solo, 'x')).toEqual(['log accept 0/1 1own', 'PROPOSE 0/1 1own', 'PREPARE 0/1 1own']);
    expect(block(solo, '1own')).toMatchObject({ proposer: 'm0', parent: 'g', batches: ['x'], timestamp: 1 });
  });

  it('and nobody else does', () => {
    expect(batch(new Solo(), 'x')).toEqual([]);
  });

  it('without waiting for commits, no further than W above the last final block', () => {
    const solo = leader({ window: 2 });
    for (const digest of ['x', 'y', 'z']) batch(solo, digest);
    expect([...solo.state.accepted.keys()]).toEqual([1, 2]);
    const said = solo.hear({ type: 'checkpoint-certificate', certificate: checkpoint('1own') });
    expect(said).toContain('PROPOSE 0/3 3own');
  });

  it('at once while fewer than `depth` blocks are uncommitted, then only when a block is full', () => {
    const solo = leader({ depth: 1, maxBatches: 2 });
    for (const digest of ['w', 'x']) batch(solo, digest);
    expect([...solo.state.accepted.keys()]).toEqual([1]);
    expect(batch(solo, 'y')).toContain('PROPOSE 0/2 2own');
    expect(batch(solo, 'z')).toEqual([]);
    solo.catchUp([block(solo, '1own'), block(solo, '2own')]);
    expect(block(solo, '3own').batches).toEqual(['z']);
  });

  it('no more while three committed blocks wait for their execution', () => {
    const solo = leader({ maxBatches: 1 });
    for (const digest of ['v', 'w', 'x']) batch(solo, digest);
    solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '3own') });
    expect(batch(solo, 'y')).toEqual([]);
    expect(solo.executed('1own')).toContain('PROPOSE 0/4 4own');
  });

  it('each batch once, as many as a block holds', () => {
    const solo = leader({ maxBatches: 2, window: 1 });
    for (const digest of ['w', 'x', 'y', 'z']) batch(solo, digest);
    expect(block(solo, '1own').batches).toEqual(['w']);
    solo.catchUp([block(solo, '1own')], true);
    expect(block(solo, '2own').batches).toEqual(['x', 'y']);
  });

  it('no more bytes than a block may have: what does not fit comes next, and nothing overtakes it', () => {
    const solo = leader({ maxBatches: 9, maxBytes: 10, window: 1 });
    const sizes = [1, 6, 5, 1];
    for (const [i, size] of sizes.entries())
      solo.give({ type: 'batch', digest: `${'wxyz'[i]}`, barrier: false, size, weight: size });
    solo.catchUp([block(solo, '1own')], true);
    expect(block(solo, '2own').batches).toEqual(['x']);
    solo.catchUp([block(solo, '2own')], true);
    expect(block(solo, '3own').batches).toEqual(['y', 'z']);
  });

  it('no further batch above what blocks are filled with, though one alone may be larger', () => {
    const solo = leader({ maxBatches: 9, maxBytes: 100, fill: 10, window: 1 });
    const sizes = [1, 50, 5, 5, 1];
    for (const [i, size] of sizes.entries())
      solo.give({ type: 'batch', digest: `${'vwxyz'[i]}`, barrier: false, size, weight: size });
    const batches: (readonly string[])[] = [];
    for (const hash of ['1own', '2own', '3own', '4own']) {
      batches.push(block(solo, hash).batches);
      solo.catchUp([block(solo, hash)], true);
    }
    expect(batches).toEqual([['v'], ['w'], ['x', 'y'], ['z']]);
  });

  it('upon others in flight once more waits than fits in bytes: it is full', () => {
    const solo = leader({ depth: 1, maxBatches: 9, maxBytes: 10 });
    const give = (digest: string, size: number) =>
      solo.give({ type: 'batch', digest, barrier: false, size, weight: size });
    give('w', 1);
    expect(give('x', 6)).toEqual([]);
    expect(give('y', 5)).toContain('PROPOSE 0/2 2own');
    expect(block(solo, '2own').batches).toEqual(['x']);
  });

  it('a batch executed meanwhile is not offered again', () => {
    const solo = new Solo();
    batch(solo, 'x');
    const other = makeBlock('1a', 'g', { batches: ['x'] });
    solo.propose(0, other);
    solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1, weight: 1 });
    solo.catchUp([other], true);
    expect([...solo.state.pool.keys()]).toEqual([]);
  });

  it('with a time after its parent, and the barrier flag for a governance submission', () => {
    const solo = leader();
    solo.tick(5_000);
    batch(solo, 'x');
    batch(solo, 'g', true);
    expect(block(solo, '1own')).toMatchObject({ timestamp: 5_000, barrier: false });
    expect(block(solo, '2own')).toMatchObject({ timestamp: 5_001, barrier: true });
  });

  it('a heartbeat when 10 s have passed, and only one', () => {
    const solo = leader();
    expect(solo.tick(9_999)).toEqual([]);
    expect(solo.tick(10_000)).toContain('PROPOSE 0/1 1own');
    expect(solo.tick(10_900)).toEqual([]);
  });

  it('nothing once it has asked to leave', () => {
    const solo = leader();
    for (const signer of [2, 3]) solo.viewChange(viewChange(1, signer));
    expect(batch(solo, 'x')).toEqual([]);
  });

  it('upon the tip of its NEW-VIEW at once, when it has the bodies of its chain', () => {
    const solo = new Solo();
    batch(solo, 'y');
    solo.hear(
      newView(
        1,
        [0, 2, 3].map(signer => viewChange(1, signer, { high: certificate('prepare', 0, '1a') })),
      ),
    );
    const headers = [makeBlock('1a', 'g', { batches: ['x'] })];
    expect(solo.hear({ type: 'headers', blocks: headers })).toEqual(['need-bodies 1a']);
    const said = solo.give({ type: 'bodies', hash: '1a', barrier: false, size: 1, weight: 1 });
    expect(said.filter(line => line.startsWith('P'))).toEqual([
      'PREPARE 1/1 1a',
      'PROPOSE 1/2 2own',
      'PREPARE 1/2 2own',
    ]);
  });

  it('upon a committed block above all it accepted: a leader that caught up leads on in its view', () => {
    const solo = new Solo({ term: 2 });
    const [a1, a2] = makeChain(2) as [ReturnType<typeof makeBlock>, ReturnType<typeof makeBlock>];
    batch(solo, 'x');
    solo.propose(0, a1);
    solo.catchUp([a1]);
    expect(solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '2a') })).toEqual(
      [],
    );
    solo.hear({ type: 'headers', blocks: [a2] });
    expect(solo.state.accepted.get(3)).toBe('3own');
  });

  it.each([
    ['executed', true],
    ['not executed yet', false],
  ])('nothing upon one of two blocks of its predecessor where the other is committed, %s', (_, executes) => {
    const solo = new Solo({ term: 1 });
    batch(solo, 'x');
    solo.propose(0, makeBlock('1a', 'g'));
    const [other] = makeChain(1, 'b') as [ReturnType<typeof makeBlock>];
    if (executes) solo.catchUp([other]);
    else {
      solo.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, '1b') });
      solo.hear({ type: 'headers', blocks: [other] });
    }
    expect([solo.state.committed.hash, solo.state.executed.hash]).toEqual(['1b', executes ? '1b' : 'g']);
    expect([...solo.state.accepted]).toEqual([[1, '1a']]);
  });

  it('and after a restart from a compacted log, idle, too', () => {
    const solo = leader();
    batch(solo, 'x');
    const first = block(solo, '1own');
    solo.catchUp([first], true);
    solo.restart(first, [{ type: 'checkpoint', certificate: checkpoint('1own') }]);
    expect(batch(solo, 'y')).toContain('PROPOSE 0/2 2own');
  });

  it("in a new term when its predecessor's last block is PREPARED", () => {
    const solo = new Solo({ term: 1 });
    batch(solo, 'x');
    expect(solo.propose(0, makeBlock('1a', 'g'))).not.toContain('PROPOSE 0/2 2own');
    expect(solo.votes('prepare', 0, '1a', [2, 3])).toContain('PROPOSE 0/2 2own');
  });
});
