import type { Block as RealBlock, VoteCertificate } from '../../consensus/messages.ts';
import type { State } from '../../consensus/state.ts';
import { Violation } from '../checkers/violation.ts';
import type { Observed } from '../simulator/report.ts';
import { type Block, type Certificate, type Disk, type Epoch, freshDisk, type Replica } from './state.ts';
import { World } from './world.ts';

/** More keys than this have no room in a mask. */
const MOST_KEYS = 31;

/** What the things of a real run are in the model: blocks by hash, keys by number, epochs, and where a replica stands. */
export class Translation {
  readonly world: World;
  /** By number; an epoch is known once somebody executed the block that opens it. */
  readonly epochs: Epoch[];
  readonly #observed: Observed;
  readonly #blocks = new Map<string, Block>();
  /** Key numbers in the order in which they were met: the index is the model's key. */
  readonly #keys: number[] = [];

  constructor(observed: Observed) {
    const { window, term, guilty, genesis } = observed;
    this.#observed = observed;
    const keys = this.#keysOf(0);
    const byzantine = new Set([...guilty].map(id => this.key(id)));
    this.world = new World({ keys, allKeys: [], byzantine, window, term });
    this.#blocks.set(genesis, this.world.genesis);
    this.epochs = [this.world.genesis.opens!];
  }

  key(number: number): number {
    const known = this.#keys.indexOf(number);
    if (known !== -1) return known;
    if (this.#keys.length === MOST_KEYS) throw new Error('too many keys for a trace');
    return this.#keys.push(number) - 1;
  }

  #keysOf(epoch: number): number[] {
    return this.#observed.keysOf(epoch)!.map(key => this.key(key));
  }

  /** A block that must be known. */
  block(hash: string): Block {
    const block = this.#blocks.get(hash);
    if (block === undefined) throw new Violation('model', `nobody honest ever accepted ${hash}`);
    return block;
  }

  knows(hash: string): boolean {
    return this.#blocks.has(hash);
  }

  /** A block that may be new. */
  learn({ hash, parent, epoch, barrier }: RealBlock): Block {
    const known = this.#blocks.get(hash);
    if (known !== undefined) return known;
    const made = this.world.make(hash, this.block(parent), this.epochs[epoch]!, barrier);
    this.#blocks.set(hash, made);
    return made;
  }

  /** The block ends its epoch. */
  close(block: Block): void {
    if (block.opens !== null) return;
    this.world.close(block, this.#keysOf(block.epoch!.index + 1));
    this.epochs.push(block.opens!);
  }

  certificate({ view, hash }: VoteCertificate): Certificate {
    return { view, block: this.block(hash) };
  }

  /** In what a real replica stands elsewhere than in the model, or null. */
  difference({ disk }: Replica, state: State): string | null {
    const { low } = state;
    const pairs: readonly (readonly [string, unknown, unknown])[] = [
      ['in epoch', state.config.epoch, disk.epoch.index],
      ['in view', state.view, disk.view],
      ['asking for view', Math.max(state.asked, state.view), Math.max(disk.asked, disk.view)],
      ['upon the tip', this.block(state.tip.hash).name, disk.tip.name],
      ['holding the certificate of', state.high?.hash, disk.high?.block.name],
      ['with low', low, disk.low.height],
      ['executed up to', state.executed.height, disk.executed.height],
    ];
    const heights = new Set([...state.accepted.keys(), ...disk.accepted.keys()]);
    // What is final each forgets in its own time.
    const accepted = [...heights].flatMap(height =>
      height > low
        ? [['with the acceptance', state.accepted.get(height), disk.accepted.get(height)?.name] as const]
        : [],
    );
    for (const [what, real, model] of [...pairs, ...accepted])
      if (real !== model) return `${what} ${real}, in the model ${model}`;
    return null;
  }

  /** The disk of a replica whose past the model does not follow. */
  diskOf(state: State): Disk {
    const epoch = this.epochs[state.config.epoch]!;
    const { view, asked, accepted, high, checkpoint } = state;
    const tip = this.block(state.tip.hash);
    return {
      ...freshDisk(epoch),
      ...{ view, asked, tip, carried: tip },
      accepted: new Map([...accepted].map(([height, hash]) => [height, this.block(hash)] as const)),
      high: high === null ? null : this.certificate(high),
      low: checkpoint === null ? epoch.base : this.block(checkpoint.hash),
      executed: this.block(state.executed.hash),
    };
  }
}
