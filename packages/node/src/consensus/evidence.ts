import { type Config, proposerOf, size } from './config.ts';
import type { CheckpointCertificate, Evidence, Message, SignedVote, VoteCertificate } from './messages.ts';
import { emit, type State } from './state.ts';

/**
 * Whether the two exclude each other, their signatures already verified: PREPAREs or COMMITs of one (epoch, view, height)
 * for different hashes, or cosignatures at one height of different texts. The times of cosignatures do not count.
 */
export function isEvidence(config: Config, evidence: Evidence): boolean {
  const { first, second } = evidence;
  if (first.signer !== second.signer || first.signer < 0 || first.signer >= size(config)) return false;
  if (first.epoch !== config.epoch || second.epoch !== config.epoch) return false;
  if (first.height !== second.height) return false;
  if (evidence.type === 'checkpoints') return evidence.first.text !== evidence.second.text;
  const { first: one, second: other } = evidence;
  return one.kind === other.kind && one.view === other.view && one.hash !== other.hash;
}

/** Evidence arrives from a peer, or from this replica's own store after a restart. */
export function onEvidence(state: State, evidence: Evidence): void {
  if (isEvidence(state.config, evidence)) accuse(state, evidence);
}

/** Keeps the first evidence against a signer and tells everybody: one a signer, so that nobody can flood with it. */
export function accuse(state: State, evidence: Evidence): void {
  const { signer } = evidence.first;
  if (state.culprits.has(signer)) return;
  state.culprits.set(signer, evidence);
  emit(state, { type: 'evidence', evidence });
  emit(state, { type: 'send', to: 'all', message: { type: 'evidence', evidence } });
}

/** A peer that was away hears of all culprits. */
export function tellEvidence(state: State, peer: number): void {
  for (const evidence of state.culprits.values())
    emit(state, { type: 'send', to: peer, message: { type: 'evidence', evidence } });
}

/** Who signed something in a certificate of this message and something else in a vote or cosignature held here. */
export function convicted(state: State, message: Message): readonly Evidence[] {
  const found: Evidence[] = [];
  for (const certificate of certificatesIn(message)) {
    if (certificate.epoch !== state.config.epoch) continue;
    const all = 'text' in certificate ? cosignedTwice(state, certificate) : votedTwice(state, certificate);
    found.push(...all.filter(({ first }) => !state.culprits.has(first.signer)));
  }
  return found;
}

function certificatesIn(message: Message): readonly (VoteCertificate | CheckpointCertificate)[] {
  switch (message.type) {
    case 'commit-certificate':
    case 'checkpoint-certificate':
      return [message.certificate];
    case 'view-change':
      return [message.viewChange.high, message.viewChange.checkpoint].filter(one => one !== null);
    case 'new-view':
      return message.newView.viewChanges.flatMap(viewChange =>
        certificatesIn({ type: 'view-change', viewChange }),
      );
    default:
      return [];
  }
}

function votedTwice({ slots }: State, { signatures, ...said }: VoteCertificate): readonly Evidence[] {
  const held = slots.get(said.view)?.votes[said.kind].get(said.height);
  return signatures.flatMap(by => {
    const first = held?.get(by.signer);
    return first === undefined || first.hash === said.hash
      ? []
      : [{ type: 'votes', first, second: { ...said, ...by } }];
  });
}

function cosignedTwice(
  { checkpointVotes }: State,
  { signatures, ...said }: CheckpointCertificate,
): readonly Evidence[] {
  const held = checkpointVotes.get(said.height);
  return signatures.flatMap(by => {
    const first = held?.get(by.signer);
    return first === undefined || first.text === said.text
      ? []
      : [{ type: 'checkpoints', first, second: { ...said, ...by } }];
  });
}

/**
 * Each of those who PREPARE another block than was proposed here is shown the leader's PREPARE for this one: it holds the
 * leader's other one, and neither alone has both. Of what is PREPARED, q have been shown it.
 */
export function showProposed(state: State, height: number, readers: Iterable<SignedVote>): void {
  const { config, view, tip, high, slots, culprits } = state;
  const leader = proposerOf(config, view, height, tip.height);
  const vote = slots.get(view)?.votes.prepare.get(height)?.get(leader);
  if (vote === undefined || leader === config.me || culprits.has(leader)) return;
  for (const { signer, hash } of readers) {
    if (hash === vote.hash || signer === config.me) continue;
    if (high?.view === view && high.height === height && high.hash === hash) continue;
    emit(state, { type: 'send', to: signer, message: { type: 'vote', vote } });
  }
}
