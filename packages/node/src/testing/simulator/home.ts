import type { Config } from '../../consensus/config.ts';
import type { Guard } from '../../consensus/guard.ts';
import type { Clock } from '../../consensus/input.ts';
import type { CheckpointCertificate } from '../../consensus/messages.ts';
import type { WalRecord } from '../../consensus/output.ts';
import type { State } from '../../consensus/state.ts';
import { epochOfLog, type Own } from '../../engine/epochs.ts';
import { Disk } from './disk.ts';
import { keyNumber } from './genesis.ts';
import type { SimulatedLedger } from './ledger.ts';
import type { Protocol } from './packets.ts';
import { configFor, epochsOn, Seat } from './seat.ts';

/** What a home needs to know of the world. */
interface Around {
  readonly protocol: Protocol;
  readonly ledger: SimulatedLedger;
  readonly members: number;
}

/** What one machine keeps: its disk, its key, and the seat that both give it in the epoch its log is in. */
export class Home {
  readonly id: number;
  readonly disk = new Disk();
  readonly epochs: ReturnType<typeof epochsOn>;
  readonly #around: Around;
  readonly #settings: Own['settings'];
  #generation = 0;
  #seat: Seat;

  constructor(around: Around, id: number, settings: Own['settings']) {
    this.#around = around;
    this.id = id;
    this.#settings = settings;
    this.epochs = epochsOn(this.disk, around.ledger);
    this.#seat = new Seat(this.#configIn(0, this.epochs.base(0)), around.members);
  }

  get key(): number {
    return keyNumber(this.id, this.#generation);
  }

  get seat(): Seat {
    return this.#seat;
  }

  /** What the key remembers in the epoch of the seat: it goes on over all epochs. */
  get guard(): Guard {
    const { protocol } = this.#around;
    const { epoch } = this.#seat.config;
    const guard = this.disk.guard ?? protocol.emptyGuard(epoch);
    return guard.epoch < epoch ? protocol.nextEpoch(guard, epoch) : guard;
  }

  /** A key that nobody has used, with a birth marker of its own. */
  rekey(): void {
    this.#generation++;
    this.disk.guard = this.#around.protocol.emptyGuard(0);
  }

  /** What another disk's certified state says of the epoch of the seat: the certificate of its end, or of the newest block. */
  certificateOn(from: Disk): CheckpointCertificate {
    const end = this.#around.ledger.set(this.#seat.config.epoch + 1)?.value.start ?? Number.POSITIVE_INFINITY;
    return from.certificates.get(Math.min(from.height, end - 1))!;
  }

  /** Another disk's certified state takes the place of the ledger. */
  adopt(from: Disk): void {
    const { height } = from.executed!.block;
    const ends: number[] = [];
    const { ledger } = this.#around;
    for (let epoch = 1; (ledger.set(epoch)?.value.start ?? height + 1) <= height; epoch++)
      ends.push(ledger.set(epoch)!.value.start - 1);
    this.disk.adopt(from, ends);
  }

  /** True if the ledger is of a later epoch than the log, by a snapshot: the log then begins with that epoch. */
  skip(clock: Clock, trusted: () => boolean): boolean {
    const { disk, epochs } = this;
    const { protocol } = this.#around;
    const top = disk.executed?.block;
    const log = this.#readLog();
    if (top === undefined || log.length === 0) return false;
    const { epoch, base } = epochOfLog(epochs, log, disk.certified);
    const certificate = disk.certificates.get(top.height);
    if (top.epoch <= epoch || certificate === undefined) return false;
    const { state } = protocol.recover(this.#sit(this.#configIn(epoch, base)), log, null, clock);
    this.#forgets(state, true, trusted);
    const config = this.#configIn(top.epoch, epochs.base(top.epoch));
    disk.rewrite(protocol.skipped(state, config, certificate, clock));
    return true;
  }

  /**
   * The epoch and state that the log leads to; without a vote if the key may have signed more than is remembered, which
   * `lost` tells, unless it is `trusted`.
   */
  remember(
    clock: Clock,
    trusted: () => boolean,
  ): ReturnType<Protocol['recover']> & { readonly lost: string | null } {
    const { disk, epochs } = this;
    const { protocol } = this.#around;
    const log = this.#readLog();
    const { epoch, base } = epochOfLog(epochs, log, disk.certified);
    const executed = disk.executed === null ? null : { ...disk.executed, closes: epochs.newest() > epoch };
    const config = this.#sit(this.#configIn(epoch, base));
    const recovered = protocol.recover(config, log, executed, clock);
    const lost = this.#forgets(recovered.state, log.length > 0, trusted);
    if (lost === null) return { ...recovered, lost };
    return { ...protocol.recover(this.#sit(config), log, executed, clock), lost };
  }

  /** The log; one that is damaged is set aside. */
  #readLog(): readonly WalRecord[] {
    if (this.disk.read() === null) this.disk.log = [];
    return this.disk.log;
  }

  /** Why the key may have signed more than is remembered, unless it is `trusted`: it then signs nothing any more. */
  #forgets(state: State, hasLog: boolean, trusted: () => boolean): string | null {
    const { disk } = this;
    const lost = this.#around.protocol.memoryLoss(disk.guard, hasLog, state);
    if (lost === null || trusted()) return null;
    disk.guard = { ...this.guard, amnesiac: true };
    return lost;
  }

  /** The state at the beginning of the next epoch, its log written anew. */
  open(before: State, clock: Clock): State {
    const { protocol } = this.#around;
    const epoch = before.config.epoch + 1;
    const config = this.#sit(this.#configIn(epoch, this.epochs.base(epoch)));
    const state = protocol.opened(before, config, clock);
    this.disk.rewrite(protocol.compacted(state));
    return state;
  }

  /** An amnesiac key has no vote. */
  #sit(config: Config): Config {
    this.#seat = new Seat(config, this.#around.members);
    const seated = { ...config, votes: config.votes && !this.guard.amnesiac };
    this.#seat = new Seat(seated, this.#around.members);
    return seated;
  }

  #configIn(epoch: number, base: Config['base']): Config {
    return configFor(this.epochs, this.id, this.key, this.#settings, { epoch, base });
  }
}
