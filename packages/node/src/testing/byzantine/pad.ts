import type { SignedVote, VoteCertificate } from '../../consensus/messages.ts';
import { type Behaviour, type Hand, sendAll, sizesOf } from './behaviour.ts';

/** Makes a certificate of the COMMITs it has for a block that is not committed: too few, so it says the last of them again. */
export function pad(hand: Hand): Behaviour {
  const padded = (votes: readonly SignedVote[]): VoteCertificate => {
    const { kind, epoch, view, height, hash } = votes[0]!;
    const held = votes
      .filter(vote => vote.hash === hash)
      .map(({ signer, signature }) => ({ signer, signature }))
      .sort((a, b) => a.signer - b.signer);
    const more = Array.from({ length: Math.max(0, sizesOf(hand).q - held.length) }, () => held.at(-1)!);
    return { kind, epoch, view, height, hash, signatures: [...held, ...more] };
  };
  return {
    tick() {
      const { state } = hand.replica;
      if (state === null) return;
      const heights = state.slots.get(state.view)!.votes.commit;
      for (const [height, signers] of heights) {
        if (height <= state.committed.height || signers.size === 0) continue;
        hand.count('padded');
        sendAll(hand, { type: 'commit-certificate', certificate: padded([...signers.values()]) });
        return;
      }
    },
  };
}
