import { certifies, RULES, type Rules } from './rules.ts';
import {
  type Block,
  type Certificate,
  type Epoch,
  genesis,
  isOnChain,
  newBlock,
  newReplica,
  openOn,
  type Replica,
} from './state.ts';

/** What a walk or a trace broke, with the name of the invariant first. */
export class Broken extends Error {
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`);
    this.invariant = invariant;
  }
}

/** What a world is made of. */
export interface Scene {
  readonly rules?: Rules;
  /** Keys of the first epoch. */
  readonly keys: readonly number[];
  /** Every key there will ever be. */
  readonly allKeys: readonly number[];
  readonly byzantine: ReadonlySet<number>;
  readonly window: number;
  /** K: blocks one leader proposes in a view. */
  readonly term: number;
}

/**
 * All replicas and all that was ever said, with the invariants: they are looked at whenever something is said, and throw
 * `Broken`. They know the truth from outside, and no rule asks them.
 */
export class World {
  readonly rules: Rules;
  readonly window: number;
  readonly term: number;
  readonly genesis = genesis();
  /** Honest replicas, by key. */
  readonly replicas = new Map<number, Replica>();
  readonly blocks: Block[] = [];
  readonly byzantine: ReadonlySet<number>;
  /** Reads a walk, one line an action. */
  log: ((line: string) => void) | null = null;
  /** The highest block with a commit certificate, and with a checkpoint certificate. */
  committed: Block = this.genesis;
  final: Block = this.genesis;
  /** What each key cosigned, by height. */
  readonly #cosigned = new Map<number, Map<number, Block>>();

  constructor({ rules = RULES, keys, allKeys, byzantine, window, term }: Scene) {
    this.rules = rules;
    this.window = window;
    this.term = term;
    this.byzantine = byzantine;
    const first = openOn(this.genesis, keys, key => byzantine.has(key));
    for (const key of allKeys) if (!byzantine.has(key)) this.replicas.set(key, newReplica(key, first));
  }

  /** A block that somebody makes. */
  make(name: string, parent: Block, epoch: Epoch, barrier: boolean): Block {
    const block = newBlock(name, parent, epoch, barrier);
    this.blocks.push(block);
    return block;
  }

  /** The block ends its epoch, and these keys are the set of the next. */
  close(block: Block, keys: readonly number[]): void {
    openOn(block, keys, key => this.byzantine.has(key));
  }

  /** Whether q PREPAREs of a view exist for a block. */
  isPrepared(epoch: Epoch, { view, block }: Certificate): boolean {
    return certifies(this.rules, epoch, this.rules.preparesOf(block, view));
  }

  /** Whether a commit certificate of this epoch or a checkpoint certificate exists for a block or a descendant of it. */
  isDecided(block: Block): boolean {
    return isOnChain(block, this.committed) || isOnChain(block, this.final);
  }

  /** A PREPARE leaves a replica: one a view and height. */
  prepare({ key, disk }: Replica, block: Block): void {
    const { view, epoch } = disk;
    const bit = 1 << key;
    for (const other of this.blocks) {
      if (other === block || other.height !== block.height || other.epoch !== epoch) continue;
      if (((other.prepares[view] ?? 0) & bit) !== 0)
        throw new Broken('votes', `${key} PREPAREs ${block.name} and ${other.name} in view ${view}`);
    }
    block.prepares[view] = (block.prepares[view] ?? 0) | bit;
  }

  /** A COMMIT leaves a replica; with the q-th there is a commit certificate. */
  commit({ key, disk }: Replica, block: Block): void {
    const { view, epoch } = disk;
    block.commits[view] = (block.commits[view] ?? 0) | (1 << key);
    if (!certifies(this.rules, epoch, block.commits[view])) return;
    if (epoch.committed.some(other => other.block === block && other.view === view)) return;
    epoch.committed.push({ view, block });
    this.committed = this.#higherOf(this.committed, block, 'agreement', 'committed');
    this.#higherOf(this.final, block, 'finality', 'final and committed');
    for (const newView of epoch.entered)
      if (newView.view > view) this.#survives({ view, block }, newView, epoch);
  }

  /** A cosignature leaves a replica: one text a key and height, and none that contradicts what is committed. */
  cosign({ key, disk }: Replica, block: Block): void {
    const said = this.#cosigned.get(key) ?? new Map<number, Block>();
    this.#cosigned.set(key, said);
    const before = said.get(block.height);
    if (before !== undefined && before !== block)
      throw new Broken('heads', `${key} cosigns ${block.name} after ${before.name}`);
    said.set(block.height, block);
    block.cosigners |= 1 << key;
    if (!certifies(this.rules, disk.epoch, block.cosigners)) return;
    this.#higherOf(this.committed, block, 'finality', 'committed and final');
    this.final = this.#higherOf(this.final, block, 'finality', 'final');
  }

  /** A replica executes a block: it must be decided. */
  execute({ key }: Replica, block: Block): void {
    if (!this.isDecided(block)) throw new Broken('execution', `${key} executes ${block.name}, not committed`);
  }

  /** A replica enters a view: everything committed before must be in its tip. */
  enter({ disk }: Replica, view: number, tip: Block): void {
    const { epoch } = disk;
    const newView: Certificate = { view, block: tip };
    epoch.entered.push(newView);
    for (const certificate of epoch.committed)
      if (certificate.view < view) this.#survives(certificate, newView, epoch);
  }

  #survives(committed: Certificate, newView: Certificate, epoch: Epoch): void {
    if (isOnChain(committed.block, newView.block)) return;
    const what = `${committed.block.name} of view ${committed.view} is committed`;
    throw new Broken(
      'survival',
      `${what}, not in the tip ${newView.block.name} of view ${newView.view}, epoch ${epoch.index}`,
    );
  }

  #higherOf(a: Block, b: Block, invariant: string, what: string): Block {
    const [low, high] = a.height < b.height ? [a, b] : [b, a];
    if (!isOnChain(low, high)) throw new Broken(invariant, `${a.name} and ${b.name} are both ${what}`);
    return high;
  }
}
