import type { Block as RealBlock, VoteCertificate } from '../../consensus/messages.ts';
import type { Output, ToSign, WalRecord } from '../../consensus/output.ts';
import { Violation } from '../checkers/violation.ts';
import type { Observed } from '../simulator/report.ts';
import type { Seen, Watch } from '../simulator/world.ts';
import { attempt, type Refusal } from './action.ts';
import { COSIGN, EXECUTE, FINAL, LEARN } from './deciding.ts';
import { RESTART } from './memory.ts';
import { ACCEPT, CARRY, COMMIT, LOCK } from './ordering.ts';
import {
  type Certificate,
  hasVote,
  isOnChain,
  leaving,
  newReplica,
  type Replica,
  type Report,
} from './state.ts';
import { Translation } from './translation.ts';
import { ASK, ENTER, OPEN } from './views.ts';
import { Broken, type World } from './world.ts';

/**
 * Follows a run of real replicas in the model: each thing that an honest one writes, signs or executes must be an action
 * that the model enables where it thinks the replica stands. Throws `Violation` by the name of `model`. Of the protocol's
 * code it knows types alone.
 */
export class TraceChecker implements Partial<Watch> {
  readonly #terms: Translation;
  readonly #world: World;
  /** By member. */
  readonly #replicas = new Map<number, Replica>();
  /** Those that accepted something above their tip, and must PREPARE the tip in the same step. */
  readonly #owing = new Set<Replica>();

  constructor(observed: Observed) {
    this.#terms = new Translation(observed);
    this.#world = this.#terms.world;
  }

  /** Steps that were found enabled. */
  steps = 0;

  started(seen: Seen, lost: string | null): void {
    const { id } = seen;
    const key = this.#terms.key(seen.key);
    const before = this.#replicas.get(id) ?? newReplica(key, this.#terms.epochs[0]!);
    const replica = before.key === key ? before : newReplica(key, this.#terms.epochs[0]!);
    this.#owing.delete(before);
    this.#replicas.set(id, replica);
    this.#world.replicas.set(key, replica);
    attempt(RESTART, this.#world, replica);
    const state = seen.state!;
    const difference = this.#terms.difference(replica, state);
    if (difference === null && lost === null) return;
    if (hasVote(replica) && lost === null && state.config.votes && before.key === key)
      throw this.#refuse(replica, 'restarts', `it comes back ${difference}`);
    // Its memory is lost; or an operator gave it a key that nobody used, which has nothing to remember.
    replica.amnesiac = before.key === key;
    replica.disk = this.#terms.diskOf(state);
    replica.committed = replica.disk.executed;
  }

  opened(seen: Seen): void {
    this.#take(seen, 'opens the next epoch', replica => attempt(OPEN, this.#world, replica));
  }

  persisted(seen: Seen, record: WalRecord): void {
    const world = this.#world;
    switch (record.type) {
      case 'accept':
        this.#accepted(seen, record.view, record.block);
        break;
      case 'prepared': {
        const certificate = this.#terms.certificate(record.certificate);
        this.#take(seen, `holds the certificate of ${record.certificate.hash}`, replica =>
          attempt(LOCK, world, replica, certificate),
        );
        break;
      }
      case 'view-change': {
        const { newView, high } = record.body;
        this.#take(seen, `asks for view ${newView}`, replica => {
          const expected = replica.disk.high?.block;
          if (expected !== (high === null ? undefined : this.#terms.block(high.hash)))
            return `it reports ${high?.hash ?? 'nothing'} and holds ${expected?.name ?? 'nothing'}`;
          return attempt(ASK, world, replica, newView);
        });
        break;
      }
      case 'new-view':
        this.#entered(seen, record);
        break;
      case 'cosign':
        this.#take(seen, `cosigns ${record.hash}`, replica =>
          attempt(COSIGN, world, replica, this.#terms.block(record.hash)),
        );
        break;
      case 'checkpoint':
        this.#take(seen, `holds ${record.certificate.hash} final`, replica =>
          attempt(FINAL, world, replica, this.#terms.block(record.certificate.hash)),
        );
        break;
    }
  }

  signed(seen: Seen, what: ToSign): void {
    const world = this.#world;
    const { amnesiac } = this.#replicas.get(seen.id)!;
    if (amnesiac) throw new Violation('model', `${seen.id} signs a ${what.type} and has lost its memory`);
    if (what.type === 'vote') {
      const { kind, view, hash } = what.vote;
      this.#take(seen, `${kind === 'prepare' ? 'PREPAREs' : 'COMMITs'} ${hash} in view ${view}`, replica => {
        if (view !== replica.disk.view) return `it is in view ${replica.disk.view}`;
        if (kind === 'commit') return attempt(COMMIT, world, replica, this.#terms.block(hash));
        return this.#prepares(replica, hash);
      });
    } else if (what.type === 'proposal') {
      this.#take(seen, `proposes ${what.block.hash} in view ${what.view}`, replica =>
        what.view === replica.disk.view ? this.#prepares(replica, what.block.hash) : 'it is in another view',
      );
    } else if (what.type === 'view-change') {
      this.#take(seen, `signs VIEW-CHANGE ${what.body.newView}`, ({ disk }) =>
        disk.asked === what.body.newView ? null : `it asked for ${disk.asked}`,
      );
    } else if (what.type === 'new-view') {
      this.#take(seen, `signs NEW-VIEW ${what.body.view}`, ({ key, disk }) =>
        disk.epoch.keys[what.body.view % disk.epoch.keys.length] === key
          ? null
          : 'it does not lead that view',
      );
    } else {
      this.#take(seen, `signs the checkpoint of ${what.hash}`, ({ disk }) =>
        disk.cosigned === this.#terms.block(what.hash) ? null : 'it has not written that down',
      );
    }
  }

  executed(seen: Seen, block: RealBlock, { closes }: { readonly closes: boolean }): void {
    const world = this.#world;
    const mine = this.#terms.learn(block);
    this.#take(seen, `executes ${block.hash}`, replica => {
      if (!isOnChain(mine, replica.committed)) {
        const unknown = attempt(LEARN, world, replica, mine);
        if (unknown !== null) return unknown;
      }
      const refusal = attempt(EXECUTE, world, replica);
      if (refusal !== null) return refusal;
      return replica.disk.executed === mine
        ? null
        : `the next committed block is ${replica.disk.executed.name}`;
    });
    if (closes) this.#terms.close(mine);
  }

  delivered(seen: Seen, output: Output): void {
    if (output.type !== 'final') return;
    const { height, hash } = output.certificate;
    this.#take(seen, `tells clients that ${hash} is final`, ({ disk }) =>
      disk.low.height >= height ? null : `it holds ${disk.low.name} final`,
    );
  }

  stepped(seen: Seen): void {
    const replica = this.#replicas.get(seen.id);
    if (replica === undefined || replica.amnesiac || seen.state === null) return;
    const difference = this.#terms.difference(replica, seen.state);
    if (difference !== null) throw this.#refuse(replica, 'steps', `it is then ${difference}`);
    if (this.#owing.has(replica))
      throw this.#refuse(replica, 'steps', 'it accepted above the tip, and did not PREPARE it');
  }

  /** One action of a replica, which must be enabled. One without a memory only has to keep silent, which `signed` asks. */
  #take(seen: Seen, action: string, act: (replica: Replica) => Refusal): void {
    const replica = this.#replicas.get(seen.id)!;
    if (replica.amnesiac) return;
    let refusal: Refusal;
    try {
      refusal = act(replica);
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      refusal = error.message;
    }
    if (refusal !== null) throw this.#refuse(replica, action, refusal);
    this.steps++;
  }

  #refuse(replica: Replica, action: string, refusal: string): Violation {
    const { epoch, view, asked, tip, low, executed } = replica.disk;
    const where = `epoch ${epoch.index}, view ${view}/${asked}, tip ${tip.name}, final ${low.name}, executed ${executed.name}`;
    const id = [...this.#replicas].find(([, one]) => one === replica)?.[0];
    return new Violation(
      'model',
      `${id} ${action}, which is not enabled: ${refusal} (in the model: ${where})`,
    );
  }

  #accepted(seen: Seen, view: number, block: RealBlock): void {
    const world = this.#world;
    const mine = this.#terms.learn(block);
    this.#take(seen, `accepts ${block.hash} in view ${view}`, replica => {
      const { disk } = replica;
      if (view !== disk.view) return `it is in view ${disk.view}`;
      const leader = world.rules.leader(disk.epoch, view, block.height, disk.tip.height, world.term);
      const proposer = seen.seat.config.validators[disk.epoch.keys.indexOf(leader)];
      if (block.proposer !== proposer) return `its proposer is ${block.proposer}, not ${proposer}`;
      // What others have decided it may know: no rule asks for less knowledge.
      const decided = world.isDecided(mine) ? mine : mine.parent!;
      if (world.isDecided(decided)) attempt(LEARN, world, replica, decided);
      // The PREPARE of the tip leaves in the same step, after what is written.
      if (disk.carried !== disk.tip && attempt(CARRY, world, replica) === null) this.#owing.add(replica);
      return attempt(ACCEPT, world, replica, mine);
    });
  }

  /** A PREPARE of what it accepted, or of the tip. */
  #prepares(replica: Replica, hash: string): Refusal {
    const { disk } = replica;
    const block = this.#terms.block(hash);
    if (!hasVote(replica)) return 'it has no vote';
    if (leaving(replica)) return `it asked for view ${disk.asked}`;
    const said = ((block.prepares[disk.view] ?? 0) & (1 << replica.key)) !== 0;
    if (block !== disk.tip) return said ? null : 'it is neither what it accepted nor the tip';
    this.#owing.delete(replica);
    return disk.carried === block ? null : attempt(CARRY, this.#world, replica);
  }

  #entered(seen: Seen, { message }: WalRecord & { type: 'new-view' }): void {
    const { view, epoch } = message;
    const reports = new Map<number, Report>();
    for (const change of message.viewChanges) {
      if (change.epoch !== epoch || change.newView !== view) continue;
      const key = this.#terms.epochs[epoch]!.keys[change.signer]!;
      reports.set(key, { key, high: this.#reported(key, epoch, change.high) });
    }
    this.#take(seen, `enters view ${view}`, replica => {
      const refusal = attempt(ENTER, this.#world, replica, view, [...reports.values()]);
      if (refusal !== null) return refusal;
      const { tip } = replica.disk;
      return tip === this.#terms.block(seen.state!.tip.hash) ? null : `its tip is not ${tip.name}`;
    });
  }

  /** What a VIEW-CHANGE reports; a Byzantine one may say what is no certificate, and that counts for nothing. */
  #reported(key: number, epoch: number, high: VoteCertificate | null): Certificate | null {
    if (high === null) return null;
    const byzantine = this.#world.byzantine.has(key);
    if (byzantine && (high.epoch !== epoch || high.kind !== 'prepare' || !this.#terms.knows(high.hash)))
      return null;
    const certificate = this.#terms.certificate(high);
    return byzantine && !this.#world.isPrepared(this.#terms.epochs[epoch]!, certificate) ? null : certificate;
  }
}
