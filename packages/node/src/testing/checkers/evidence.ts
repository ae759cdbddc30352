import type { Evidence, Message, SignedVote } from '../../consensus/messages.ts';
import type { State } from '../../consensus/state.ts';
import { cosignatureSaying, type Symbols, voteSaying } from '../simulator/symbolic.ts';
import { Violation } from './violation.ts';

/** Nobody honest is accused, every accusation stands by its signatures alone, and who shows both sides is named. */
export class EvidenceChecker {
  readonly #symbols: Symbols;
  readonly #guilty: ReadonlySet<number>;
  readonly #keysOf: (epoch: number) => readonly number[] | null;
  /** The signer who must be named after the step under way, and the epoch; with the next one its state begins anew. */
  #caught: { readonly signer: number; readonly epoch: number } | null = null;

  /** `guilty`: keys of those who may sign twice. `keysOf`: keys of an epoch's set by position. */
  constructor(
    symbols: Symbols,
    guilty: ReadonlySet<number>,
    keysOf: (epoch: number) => readonly number[] | null,
  ) {
    this.#symbols = symbols;
    this.#guilty = guilty;
    this.#keysOf = keysOf;
  }

  accused(replica: number, evidence: Evidence): void {
    const { first, second } = evidence;
    const { signer } = first;
    const key = this.#keysOf(first.epoch)?.[signer];
    const slot = second.signer === signer && first.height === second.height && first.epoch === second.epoch;
    if (key === undefined || !slot || !this.#differ(evidence, key))
      throw new Violation('evidence', `${replica} accuses ${signer} of nothing`);
    if (!this.#guilty.has(key))
      throw new Violation('evidence', `${replica} accuses ${signer}, who is honest`);
  }

  #differ(evidence: Evidence, key: number): boolean {
    const holds = (said: string, signature: Uint8Array): boolean => this.#symbols.holds(key, said, signature);
    if (evidence.type === 'checkpoints') {
      const { first, second } = evidence;
      const signed = [first, second].every(({ text, time, signature }) =>
        holds(cosignatureSaying(text, time), signature),
      );
      return signed && first.text !== second.text;
    }
    const { first, second } = evidence;
    const signed = [first, second].every(({ kind, epoch, view, height, hash, signature }) =>
      holds(voteSaying(kind, epoch, view, height, hash), signature),
    );
    return signed && first.kind === second.kind && first.view === second.view && first.hash !== second.hash;
  }

  /** A message is about to be handled: does it, with what its reader holds, convict its signer? */
  received(state: State, message: Message): void {
    if (message.type === 'checkpoint-vote') {
      const { epoch, height, signer, text } = message.vote;
      const held = state.checkpointVotes.get(height)?.get(signer);
      if (held !== undefined && epoch === state.config.epoch && height > state.low && held.text !== text)
        this.#caught = { signer, epoch };
      return;
    }
    const vote = voteIn(message);
    if (vote === null || vote.epoch !== state.config.epoch) return;
    const held = state.slots.get(vote.view)?.votes[vote.kind].get(vote.height)?.get(vote.signer);
    if (held === undefined || held.hash === vote.hash) return;
    if (vote.height > state.low) this.#caught = { signer: vote.signer, epoch: vote.epoch };
  }

  handled(replica: number, state: State | null): void {
    const caught = this.#caught;
    this.#caught = null;
    if (caught === null || state?.config.epoch !== caught.epoch) return;
    if (!state.culprits.has(caught.signer))
      throw new Violation('evidence', `${replica} saw ${caught.signer} sign twice and does not accuse it`);
  }
}

function voteIn(message: Message): SignedVote | null {
  if (message.type === 'vote') return message.vote;
  if (message.type !== 'proposal') return null;
  const { view, block, signer, signature } = message.proposal;
  const { epoch, height, hash } = block;
  return { kind: 'prepare', epoch, view, height, hash, signer, signature };
}
