import { type Config, size } from './config.ts';
import type { Evidence } from './messages.ts';
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
