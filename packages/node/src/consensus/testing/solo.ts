import type { Config } from '../config.ts';
import type { Input } from '../input.ts';
import type { Block, CheckpointVote, Message, ViewChange } from '../messages.ts';
import type { Output, WalRecord } from '../output.ts';
import { recover } from '../recover.ts';
import { initialState, type State } from '../state.ts';
import { step } from '../step.ts';
import { certificate, checkpoint, clock, makeConfig, proposal, vote } from './make.ts';
import { say } from './say.ts';

/** One replica under a test's hand: nothing comes back, nothing is executed unless the test says so. */
export class Solo {
  readonly config: Config;
  state: State;
  /** Everything it persisted. */
  readonly log: WalRecord[] = [];

  constructor(given: Partial<Config> = {}) {
    this.config = makeConfig(given);
    this.state = initialState(this.config, clock(0));
  }

  /** One input; what it led to, in words. */
  give(input: Input): string[] {
    return this.#note(step(this.state, input, draft => `${draft.height}own`));
  }

  hear(message: Message, from = 0): string[] {
    return this.give({ type: 'message', from, message });
  }

  /** The same by PREPAREs or COMMITs of `signers`; what the last one led to. */
  votes(kind: 'prepare' | 'commit', view: number, hash: string, signers: readonly number[]): string[] {
    return signers.flatMap(signer => this.hear(vote(kind, view, hash, signer), signer));
  }

  propose(view: number, block: Block): string[] {
    return this.hear(proposal(view, block));
  }

  viewChange(change: ViewChange): string[] {
    return this.hear({ type: 'view-change', viewChange: change }, change.signer);
  }

  cosigned(vote: CheckpointVote): string[] {
    return this.hear({ type: 'checkpoint-vote', vote }, vote.signer);
  }

  tick(now: number, wall = now): string[] {
    return this.give({ type: 'tick', now, wall }).filter(line => line !== 'to all: status');
  }

  executed(hash: string, text = `text ${hash}`, closes = false): string[] {
    return this.give({ type: 'executed', block: { height: Number.parseInt(hash, 10), hash }, text, closes });
  }

  /** Takes a chain as committed and executed, as if pulled from the others. */
  catchUp(blocks: readonly Block[], final = false): string[] {
    const last = blocks.at(-1)!;
    const heard = this.hear({ type: 'commit-certificate', certificate: certificate('commit', 0, last.hash) });
    heard.push(...this.hear({ type: 'headers', blocks: blocks.toReversed() }));
    if (final)
      heard.push(...this.hear({ type: 'checkpoint-certificate', certificate: checkpoint(last.hash) }));
    for (const { hash } of blocks) heard.push(...this.executed(hash));
    return heard;
  }

  /** Loses all but its log and its last executed block. */
  restart(
    executed: Block | null,
    records: readonly WalRecord[] = this.log,
    now = 0,
    closes = false,
  ): string[] {
    const stored = executed === null ? null : { block: executed, text: `text ${executed.hash}`, closes };
    const { state, outputs } = recover(this.config, records, stored, clock(now));
    this.state = state;
    return this.#note(outputs);
  }

  #note(outputs: readonly Output[]): string[] {
    for (const output of outputs) if (output.type === 'persist') this.log.push(output.record);
    return outputs.map(say);
  }
}
