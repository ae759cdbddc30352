import { describe, expect, it } from 'vitest';
import { Cluster, type Lose } from './testing/cluster.ts';

const commitsLost: Lose = (_from, _to, message) => message.type === 'vote' && message.vote.kind === 'commit';
const votesLost: Lose = (_from, _to, message) => message.type === 'vote';

/** Each line: what was signed, view/height block, and by whom. */
function trace(cluster: Cluster): string {
  return `\n${cluster.told().join('\n')}\n`;
}

describe('four replicas', () => {
  it('order, execute and certify three blocks in flight at once', () => {
    expect(trace(new Cluster().batch('x').batch('y').batch('z').run())).toBe(`
PROPOSE 0/1 1a: 0
PREPARE 0/1 1a: 0 1 2 3
PROPOSE 0/2 2a: 0
PREPARE 0/2 2a: 0 1 2 3
PROPOSE 0/3 3a: 0
PREPARE 0/3 3a: 0 1 2 3
COMMIT 0/1 1a: 0 1 2 3
COMMIT 0/2 2a: 0 1 2 3
COMMIT 0/3 3a: 0 1 2 3
CHECKPOINT 1 1a: 0 1 2 3
CHECKPOINT 2 2a: 0 1 2 3
CHECKPOINT 3 3a: 0 1 2 3
final 1: 0 1 2 3
final 2: 0 1 2 3
final 3: 0 1 2 3
`);
  });

  it('carry a prepared block over to the next view under the same hash', () => {
    const cluster = new Cluster().batch('x').run(commitsLost);
    expect(cluster.told().at(-1)).toBe('COMMIT 0/1 1a: 0 1 2 3');
    // Repeated COMMITs stay lost, so the three that are left must change the view.
    cluster.stop(0).wait(1_200, (from, to, message) => {
      return commitsLost(from, to, message) && message.type === 'vote' && message.vote.view === 0;
    });
    expect(trace(cluster)).toBe(`
VIEW-CHANGE 1 high 0/1 1a: 1 2 3
NEW-VIEW 1: 1
PREPARE 1/1 1a: 1 2 3
COMMIT 1/1 1a: 1 2 3
CHECKPOINT 1 1a: 1 2 3
final 1: 1 2 3
`);
    expect(cluster.state(2).view).toBe(1);
  });

  it('view change when everything is already final stalls nobody: the final tip is prepared first', () => {
    const cluster = new Cluster().batch('x').run();
    cluster.told();
    cluster.stop(0).batch('y').wait(1_500);
    expect(trace(cluster)).toBe(`
VIEW-CHANGE 1 high 0/1 1a: 1 2 3
NEW-VIEW 1: 1
PREPARE 1/1 1a: 1 2 3
PROPOSE 1/2 2a: 1
PREPARE 1/2 2a: 1 2 3
COMMIT 1/1 1a: 1 2 3
COMMIT 1/2 2a: 1 2 3
CHECKPOINT 2 2a: 1 2 3
final 2: 1 2 3
`);
  });

  it('laggard not stranded, and a caught-up replica votes at once: STATUS, certificates, headers', () => {
    const cluster = new Cluster().stop(3).batch('x').batch('y').batch('z').run();
    cluster.told();
    cluster.restart(3).wait(1_000);
    expect(trace(cluster)).toBe('\nfinal 3: 3\n');
    expect(cluster.state(3).executed).toEqual({ height: 3, hash: '3a' });
    // It signs nothing for what was final, and votes in the same view from the next block on.
    cluster.batch('w').run();
    expect(cluster.told()).toContain('PREPARE 0/4 4a: 0 1 2 3');
  });

  it('no double vote after a restart in the middle of a view: the same votes again', () => {
    const cluster = new Cluster().batch('x').run(commitsLost);
    cluster.told();
    cluster.stop(0, 2).restart(0).restart(2).run(commitsLost);
    expect(trace(cluster)).toBe(`
PROPOSE 0/1 1a: 0
COMMIT 0/1 1a: 0 2
PREPARE 0/1 1a: 0 2
`);
    cluster.wait(1_000);
    expect(cluster.told()).toContain('final 1: 0 1 2 3');
  });

  it('lock proof not lost on restart: all stop after COMMIT, the next view starts from the block', () => {
    const cluster = new Cluster().batch('x').run(commitsLost);
    cluster.stop(0, 1, 2, 3).told();
    // Repeated PREPAREs would prove it anew.
    cluster.restart(1).restart(2).restart(3).wait(2_500, votesLost);
    expect(cluster.told()).toContain('VIEW-CHANGE 1 high 0/1 1a: 1 2 3');
    expect(cluster.wait(1_000).told()).toContain('final 1: 1 2 3');
  });

  it('idle chain: a heartbeat block every 10 s', () => {
    const cluster = new Cluster().wait(9_900);
    expect(cluster.told()).toEqual([]);
    cluster.wait(10_200);
    expect(cluster.told().filter(line => line.startsWith('final'))).toEqual([
      'final 1: 0 1 2 3',
      'final 2: 0 1 2 3',
    ]);
  });

  it('idle chain with a dead leader: the overdue heartbeat changes the view', () => {
    const cluster = new Cluster().stop(0).wait(12_000);
    expect(trace(cluster)).toBe(`
VIEW-CHANGE 1 high none: 1 2 3
NEW-VIEW 1: 1
PROPOSE 1/1 1a: 1
PREPARE 1/1 1a: 1 2 3
COMMIT 1/1 1a: 1 2 3
CHECKPOINT 1 1a: 1 2 3
final 1: 1 2 3
`);
  });

  it('a term ends: the next leader proposes only once the last block of its predecessor is PREPARED', () => {
    const cluster = new Cluster({ term: 2 }).batch('x').batch('y').batch('z').run(votesLost);
    expect(cluster.told().filter(line => line.startsWith('PROPOSE'))).toEqual([
      'PROPOSE 0/1 1a: 0',
      'PROPOSE 0/2 2a: 0',
    ]);
    cluster.wait(1_000);
    const told = cluster.told();
    expect(told).toContain('PROPOSE 0/3 3a: 1');
    expect(told).toContain('final 3: 0 1 2 3');
  });

  it('doubling timers do return to base: after W commits in the new view', () => {
    const cluster = new Cluster({ window: 2 }).stop(0).batch('x').wait(2_000);
    expect(cluster.state(2).view).toBe(1);
    expect(cluster.state(2).timer.timeout).toBe(2_000);
    cluster.batch('y').run();
    expect(cluster.state(2).timer.timeout).toBe(1_000);
  });

  it('doubling timers do return to base: after a term that is shorter than W', () => {
    const cluster = new Cluster({ window: 8, term: 1 }).stop(0).batch('x').wait(2_000);
    expect(cluster.state(2).view).toBe(1);
    expect(cluster.state(2).timer.timeout).toBe(1_000);
  });

  it('NEW-VIEW lost: STATUS brings it', () => {
    const cluster = new Cluster().stop(0).batch('x');
    cluster.wait(1_300, (_from, to, { type }) => type === 'new-view' && to === 3);
    expect(cluster.members.map(({ state }) => state.view)).toEqual([0, 1, 1, 0]);
    cluster.wait(700);
    expect(cluster.state(3).view).toBe(1);
  });

  it('one that went on to a later view does not keep the others waiting for ever', () => {
    const cluster = new Cluster().stop(0).batch('x');
    // 3 alone sees q ask for view 1, hears no NEW-VIEW and asks for view 2; its VIEW-CHANGE for 1 reached nobody.
    cluster.wait(
      3_500,
      (from, to, { type }) => (type === 'view-change' || type === 'status') && to !== 3 && from !== to,
    );
    expect(cluster.members.slice(1).map(({ state }) => state.asked)).toEqual([1, 1, 2]);
    cluster.told();
    cluster.wait(8_000);
    expect(cluster.told()).toContain('final 1: 1 2 3');
  });

  it('a commit learned while leaving does not stop the timer of the view asked for', () => {
    const cluster = new Cluster().batch('x').run(commitsLost);
    // 1, who would lead view 1, falls silent too late to be missed; NEW-VIEW never comes.
    const noNewView: Lose = (from, to, message) =>
      message.type === 'new-view' || commitsLost(from, to, message);
    while (!cluster.members.every(({ state }) => state.asked === 1)) cluster.wait(100, noNewView);
    cluster.stop(1).wait(100, (_from, _to, message) => message.type === 'new-view');
    for (const id of [0, 2, 3])
      for (const signer of [0, 2, 3])
        cluster.give(id, {
          type: 'message',
          from: signer,
          message: {
            type: 'vote',
            vote: {
              kind: 'commit',
              epoch: 0,
              view: 0,
              height: 1,
              hash: '1a',
              signer,
              signature: new Uint8Array(),
            },
          },
        });
    expect(cluster.state(2).committed.height).toBe(1);
    cluster.batch('y').wait(8_000);
    expect(cluster.state(2).view).toBeGreaterThan(1);
    expect(cluster.told()).toContain('final 2: 0 2 3');
  });
});
