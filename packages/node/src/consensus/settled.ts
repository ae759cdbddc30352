import { convicted } from './evidence.ts';
import type {
  CheckpointVote,
  Message,
  NewView,
  SignedVote,
  ViewChange,
  VoteCertificate,
} from './messages.ts';
import type { State } from './state.ts';
import { inReach } from './votes.ts';

/**
 * True iff `step` would only pass over this message, so that its signatures need not be checked: of n votes the last
 * n - q come when their matter is decided, and what no slot would take is not worth a check either. A vote for anything else
 * than what was decided is never settled. Nor need the same certificates and NEW-VIEW be checked that each peer sends to
 * one that fell behind: a NEW-VIEW of 31 members holds a thousand signatures; but for one that convicts a signer.
 */
export function isSettled(state: State, message: Message): boolean {
  return isPassedOver(state, message) && convicted(state, message).length === 0;
}

function isPassedOver(state: State, message: Message): boolean {
  switch (message.type) {
    case 'vote':
      return isVoteSettled(state, message.vote);
    case 'checkpoint-vote':
      return isCertified(state, message.vote);
    case 'commit-certificate':
      return isCommitted(state, message.certificate);
    case 'checkpoint-certificate':
      return message.certificate.height <= state.low;
    case 'view-change':
      return isHeld(state, message.viewChange);
    case 'new-view':
      return isPast(state, message.newView);
    default:
      return false;
  }
}

function isVoteSettled(state: State, vote: SignedVote): boolean {
  const { kind, epoch, view, height, hash, signer } = vote;
  const slots = state.slots.get(view);
  if (epoch !== state.config.epoch || slots === undefined || !inReach(state, vote)) return true;
  // What a signer said before decides first: another vote in the same slot is evidence against it.
  const held = slots.votes[kind].get(height)?.get(signer);
  return held === undefined ? isDecided(state, vote) : held.hash === hash;
}

function isDecided(state: State, { kind, view, height, hash }: SignedVote): boolean {
  if (kind === 'commit') return height <= state.committed.height && state.chain.get(height) === hash;
  const { high } = state;
  if (view !== state.view || high === null || high.view !== view || height > high.height) return false;
  return (height === high.height ? high.hash : state.accepted.get(height)) === hash;
}

function isCertified(state: State, { epoch, height, hash }: CheckpointVote): boolean {
  const { low, checkpoint, chain, config } = state;
  if (epoch !== config.epoch || height > low) return false;
  return (height === checkpoint?.height ? checkpoint.hash : chain.get(height)) === hash;
}

function isCommitted({ committed, chain }: State, { height, hash }: VoteCertificate): boolean {
  return height <= committed.height && (chain.get(height) ?? hash) === hash;
}

/** Something as late is held of its signer, and its checkpoint is final here. */
function isHeld(state: State, { newView, checkpoint, signer }: ViewChange): boolean {
  const latest = Math.max(state.view, state.viewChanges.get(signer)?.newView ?? 0);
  return newView <= latest && (checkpoint === null || checkpoint.height <= state.low);
}

function isPast({ view, asked }: State, message: NewView): boolean {
  return message.view <= view || message.view < asked;
}
