import type { ToSign } from '../../consensus/output.ts';
import type { State } from '../../consensus/state.ts';
import { Violation } from './violation.ts';

/** Outputs of one step at most, beside what a window of blocks asks for. */
const MOST_OUTPUTS = 64;

/** Epochs, views within them, finality and execution never go back, across restarts too, and no queue outgrows its bound. */
export class StandingChecker {
  readonly #last: Standing[] = [];

  /** `waiting`: batches sent by anybody that this replica has not executed. */
  stepped(replica: number, state: State, waiting = Number.POSITIVE_INFINITY, outputs = 0): void {
    const { view, asked, low } = state;
    const { epoch } = state.config;
    const executed = state.executed.height;
    const cosigned = state.cosigned?.height ?? 0;
    const last = this.#last[replica];
    if (last === undefined) this.#last[replica] = { epoch, view, asked, low, executed, cosigned };
    else {
      if (epoch > last.epoch) [last.view, last.asked] = [0, 0];
      const back = (what: keyof typeof last, now: number): void => {
        if (now < last[what])
          throw new Violation('standing', `${replica}: ${what} goes from ${last[what]} to ${now}`);
        last[what] = now;
      };
      back('epoch', epoch);
      back('view', view);
      back('asked', asked);
      back('low', low);
      back('executed', executed);
      back('cosigned', cosigned);
    }
    this.#bounds(replica, state, waiting, outputs);
  }

  /**
   * A replica signs with this state: nothing is PREPAREd beyond W above the last final block, and nothing cosigned that it
   * knows to be final, be it from a commit certificate W above.
   */
  signed(replica: number, { low, config, commitCertificate }: State, what: ToSign): void {
    if (what.type === 'cosignature') {
      const final = Math.max(low, (commitCertificate?.height ?? 0) - config.window);
      if (what.height <= final)
        throw new Violation('standing', `${replica} cosigns ${what.height}, and ${final} is final`);
    }
    if (what.type !== 'proposal' && (what.type !== 'vote' || what.vote.kind !== 'prepare')) return;
    const { height } = what.type === 'vote' ? what.vote : what.block;
    if (height > low + config.window)
      throw new Violation('bounds', `${replica} PREPAREs ${height}, ${config.window} above ${low} at most`);
  }

  /** A replica that lost its memory begins again. */
  wiped(replica: number): void {
    delete this.#last[replica];
  }

  #bounds(replica: number, state: State, waiting: number, outputs: number): void {
    const { config, slots, low, executed, committed, target } = state;
    const n = config.validators.length;
    const reach = 2 * config.window;
    const bound = (what: string, size: number, most: number): void => {
      if (size > most) throw new Violation('bounds', `${replica}: ${size} ${what}, at most ${most}`);
    };
    bound('views of votes', slots.size, 2);
    bound('VIEW-CHANGEs', state.viewChanges.size, n);
    bound('peers', state.peers.size, n);
    bound('culprits', state.culprits.size, n);
    bound('leaders measured', state.pace.rates.size, n);
    bound('heights of cosignatures', state.checkpointVotes.size, reach);
    for (const signers of state.checkpointVotes.values()) bound('cosignatures', signers.size, n);
    for (const { votes, proposals } of slots.values()) {
      // 2W above low, for a later view 2W below it, and the tip.
      for (const byHeight of [votes.prepare, votes.commit]) {
        bound('heights of votes', byHeight.size, 2 * reach + 1);
        for (const signers of byHeight.values()) bound('votes', signers.size, n);
      }
      bound('heights of proposals', proposals.size, reach);
      for (const bySigner of proposals.values()) bound('proposals', bySigner.size, n);
    }
    bound('batches that wait', state.pool.size, waiting);
    // What lies between the last final block and the last executed one is on disk; the rest is in flight or caught up with.
    const behind = Math.max(committed.height, low) - Math.min(low, executed.height);
    bound('accepted blocks', state.accepted.size, behind + 2 * reach + 1);
    bound('COMMITs', state.commitSent.size, behind + 2 * reach + 1);
    bound('checkpoint texts', state.texts.size, behind + 2 * reach + 1);
    bound('committed hashes', state.chain.size, behind + reach + 2);
    // Each view leaves up to W headers accepted and W that were not, until their height is final.
    const views = state.view - (state.high?.view ?? 0) + 2;
    const catchUp = Math.max(0, target.height - Math.min(low, executed.height));
    bound('headers', state.blocks.size, catchUp + views * n * reach + 1);
    bound('outputs of one step', outputs, MOST_OUTPUTS + behind + 8 * reach * (n + 1));
  }
}

interface Standing {
  epoch: number;
  view: number;
  asked: number;
  low: number;
  executed: number;
  cosigned: number;
}
