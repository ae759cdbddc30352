import type { Config } from '../../consensus/config.ts';
import { configOf, type Epochs, type Own } from '../../engine/epochs.ts';
import type { Disk } from './disk.ts';
import { codeOf, idOf, validatorKey } from './genesis.ts';
import { GENESIS, type SimulatedLedger } from './ledger.ts';

/** The epochs of a ledger as far as one disk has executed it. */
export function epochsOn(disk: Disk, ledger: SimulatedLedger): Pick<Epochs, 'set' | 'newest' | 'base'> {
  const set = (epoch: number) => {
    const value = ledger.set(epoch)?.value ?? null;
    return value !== null && value.start <= disk.height + 1 ? value : null;
  };
  return {
    set,
    newest: () => {
      let epoch = 0;
      while (set(epoch + 1) !== null) epoch++;
      return epoch;
    },
    base: epoch => {
      if (epoch === 0) return { height: 0, hash: GENESIS, timestamp: 0 };
      const { height, hash, timestamp } = disk.blocks.get(set(epoch)!.start - 1)!.block;
      return { height, hash, timestamp };
    },
  };
}

/** How a replica sits in one epoch: its part, and who is at which position. */
export class Seat {
  readonly config: Config;
  /** Validators in order, then everybody else: positions from n on have no vote. */
  readonly #ids: readonly number[];

  constructor(config: Config, members: number) {
    this.config = config;
    const validators = config.validators.map(idOf);
    const all = Array.from({ length: members }, (_, id) => id);
    this.#ids = [...validators, ...all.filter(id => !validators.includes(id))];
  }

  positionOf(id: number): number {
    return this.#ids.indexOf(id);
  }

  idAt(position: number): number {
    return this.#ids[position]!;
  }

  /** The other validators. */
  get peers(): readonly number[] {
    const { validators, me } = this.config;
    return this.#ids.slice(0, validators.length).filter((_, position) => position !== me);
  }
}

/** How a replica takes part in an epoch, as the node itself works it out. */
export function configFor(
  epochs: ReturnType<typeof epochsOn>,
  id: number,
  key: number,
  settings: Own['settings'],
  { epoch, base }: Pick<Config, 'epoch' | 'base'>,
): Config {
  const own = { code: codeOf(id), validatorKey: validatorKey(key).publicKey, settings };
  return configOf(epochs, own, epoch, base);
}
