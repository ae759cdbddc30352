import type { CheckpointVote, Evidence, Message, SignedVote } from '../../consensus/messages.ts';
import type { State } from '../../consensus/state.ts';
import { cosignatureSaying, type Symbols, voteSaying } from '../simulator/symbolic.ts';
import { Violation } from './violation.ts';

/** Nobody honest is accused, every accusation stands by its signatures alone, and who shows both sides is named. */
export class EvidenceChecker {
  readonly #symbols: Symbols;
  readonly #guilty: ReadonlySet<number>;
  readonly #keysOf: (epoch: number) => readonly number[] | null;
  /** The signers who must be named after the step under way, and the epoch; with the next one its state begins anew. */
  #caught: readonly { readonly signer: number; readonly epoch: number }[] = [];
  /** What must be sent in this step. */
  #unshown: Due | null = null;

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

  /** A message is about to be handled: does it, with what its reader holds, convict its signers, or those of a certificate? */
  received(state: State, message: Message): void {
    const { epoch } = state.config;
    this.#caught = signaturesIn(message)
      .filter(said => said.epoch === epoch && said.contradicts(state))
      .map(({ signer }) => ({ signer, epoch }));
    this.#unshown = toBeShown(state, message);
  }

  /** A replica tells another something. */
  sent(to: number | 'all', message: Message): void {
    const due = this.#unshown;
    if (due === null || to !== due.to || message.type !== 'vote') return;
    const { kind, signer, hash } = message.vote;
    if (kind === 'prepare' && signer === due.leader && hash === due.hash) this.#unshown = null;
  }

  handled(replica: number, state: State | null): void {
    const [caught, unshown] = [this.#caught, this.#unshown];
    this.#caught = [];
    this.#unshown = null;
    for (const { signer, epoch } of caught) {
      if (state?.config.epoch === epoch && !state.culprits.has(signer))
        throw new Violation('evidence', `${replica} saw ${signer} sign twice and does not accuse it`);
    }
    if (state !== null && unshown !== null && !state.culprits.has(unshown.leader))
      throw new Violation(
        'evidence',
        `${replica} does not show ${unshown.to} what ${unshown.leader} proposed`,
      );
  }
}

/** Something signed, and whether a replica holds something by its signer that excludes it. */
interface Said {
  readonly epoch: number;
  readonly signer: number;
  contradicts(state: State): boolean;
}

function signaturesIn(message: Message): readonly Said[] {
  switch (message.type) {
    case 'proposal':
    case 'vote':
      return [voted(voteIn(message)!)].map(said => ({
        ...said,
        contradicts: state => said.height > state.low && said.contradicts(state),
      }));
    case 'checkpoint-vote':
      return [cosigned(message.vote)];
    case 'commit-certificate':
      return message.certificate.signatures.map(by => voted({ ...message.certificate, ...by }));
    case 'checkpoint-certificate':
      return message.certificate.signatures.map(by => cosigned({ ...message.certificate, ...by }));
    case 'view-change': {
      const { high, checkpoint } = message.viewChange;
      return [
        ...(high?.signatures.map(by => voted({ ...high, ...by })) ?? []),
        ...(checkpoint?.signatures.map(by => cosigned({ ...checkpoint, ...by })) ?? []),
      ];
    }
    case 'new-view':
      return message.newView.viewChanges.flatMap(viewChange =>
        signaturesIn({ type: 'view-change', viewChange }),
      );
    default:
      return [];
  }
}

function voted({ kind, epoch, view, height, hash, signer }: SignedVote): Said & { readonly height: number } {
  const contradicts = ({ slots }: State): boolean => {
    const held = slots.get(view)?.votes[kind].get(height)?.get(signer);
    return held !== undefined && held.hash !== hash;
  };
  return { epoch, signer, height, contradicts };
}

function cosigned({ epoch, height, signer, text }: CheckpointVote): Said {
  const contradicts = ({ low, checkpointVotes }: State): boolean => {
    const held = checkpointVotes.get(height)?.get(signer);
    return held !== undefined && height > low && held.text !== text;
  };
  return { epoch, signer, contradicts };
}

/** Who is to be shown that the leader proposed something else: who PREPAREs another block than it did here. */
interface Due {
  readonly to: number;
  readonly leader: number;
  readonly hash: string;
}

function toBeShown(state: State, message: Message): Due | null {
  const { config, view, low, high, tip, slots } = state;
  const vote = voteIn(message);
  if (vote?.kind !== 'prepare' || vote.epoch !== config.epoch || vote.view !== view) return null;
  const { height, signer } = vote;
  const votes = slots.get(view)!.votes.prepare.get(height);
  const isPrepared = high?.view === view && high.height >= height;
  if (isPrepared || height <= low || height <= tip.height || height > low + 2 * config.window) return null;
  if (signer === config.me || votes?.has(signer)) return null;
  const leader = (view + Math.floor((height - tip.height - 1) / config.term)) % config.validators.length;
  const proposed = votes?.get(leader);
  if (proposed === undefined || leader === config.me || proposed.hash === vote.hash) return null;
  return { to: signer, leader, hash: proposed.hash };
}

function voteIn(message: Message): SignedVote | null {
  if (message.type === 'vote') return message.vote;
  if (message.type !== 'proposal') return null;
  const { view, block, signer, signature } = message.proposal;
  const { epoch, height, hash } = block;
  return { kind: 'prepare', epoch, view, height, hash, signer, signature };
}
