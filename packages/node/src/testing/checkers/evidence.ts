import type { Evidence, Message, SignedVote } from '../../consensus/messages.ts';
import type { State } from '../../consensus/state.ts';
import { cosignatureSaying, type Symbols, voteSaying } from '../simulator/symbolic.ts';
import { Violation } from './violation.ts';

/** Nobody honest is accused, every accusation stands by its signatures alone, and who shows both sides is named. */
export class EvidenceChecker {
  readonly #symbols: Symbols;
  readonly #guilty: ReadonlySet<number>;
  /** The signer who must be named after the step under way. */
  #caught: number | null = null;

  constructor(symbols: Symbols, guilty: ReadonlySet<number>) {
    this.#symbols = symbols;
    this.#guilty = guilty;
  }

  accused(replica: number, evidence: Evidence): void {
    const { first, second } = evidence;
    const { signer } = first;
    if (second.signer !== signer || first.height !== second.height || !this.#differ(evidence))
      throw new Violation('evidence', `${replica} accuses ${signer} of nothing`);
    if (!this.#guilty.has(signer))
      throw new Violation('evidence', `${replica} accuses ${signer}, who is honest`);
  }

  #differ(evidence: Evidence): boolean {
    const holds = (signer: number, said: string, signature: Uint8Array): boolean =>
      this.#symbols.holds(signer, said, signature);
    if (evidence.type === 'checkpoints') {
      const { first, second } = evidence;
      const signed = [first, second].every(({ signer, text, time, signature }) =>
        holds(signer, cosignatureSaying(text, time), signature),
      );
      return signed && first.text !== second.text;
    }
    const { first, second } = evidence;
    const signed = [first, second].every(({ signer, kind, epoch, view, height, hash, signature }) =>
      holds(signer, voteSaying(kind, epoch, view, height, hash), signature),
    );
    return signed && first.kind === second.kind && first.view === second.view && first.hash !== second.hash;
  }

  /** A message is about to be handled: does it, with what its reader holds, convict its signer? */
  received(state: State, message: Message): void {
    const vote = voteIn(message);
    if (vote === null) return;
    const held = state.slots.get(vote.view)?.votes[vote.kind].get(vote.height)?.get(vote.signer);
    if (held === undefined || held.epoch !== vote.epoch || held.hash === vote.hash) return;
    if (vote.height > state.low) this.#caught = vote.signer;
  }

  handled(replica: number, state: State | null): void {
    const caught = this.#caught;
    this.#caught = null;
    if (caught !== null && state !== null && !state.culprits.has(caught))
      throw new Violation('evidence', `${replica} saw ${caught} sign twice and does not accuse it`);
  }
}

function voteIn(message: Message): SignedVote | null {
  if (message.type === 'vote') return message.vote;
  if (message.type !== 'proposal') return null;
  const { view, block, signer, signature } = message.proposal;
  const { epoch, height, hash } = block;
  return { kind: 'prepare', epoch, view, height, hash, signer, signature };
}
