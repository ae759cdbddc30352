import type { Packet } from '../simulator/packets.ts';
import { type Behaviour, type Hand, sizesOf } from './behaviour.ts';

/** Everything a second time with a signature that is none, or in somebody else's name. */
export function garbage(hand: Hand): Behaviour {
  const spoil = <T extends { readonly signer: number; readonly signature: Uint8Array }>(signed: T): T => {
    if (hand.random.chance(0.5)) return { ...signed, signer: (signed.signer + 1) % sizesOf(hand).n };
    const signature = signed.signature.slice();
    signature[hand.random.between(0, signature.length - 1)]! ^= 0x41;
    return { ...signed, signature };
  };
  const spoilt = (packet: Packet): Packet | null => {
    switch (packet.type) {
      case 'vote':
        return { type: 'vote', vote: spoil(packet.vote) };
      case 'checkpoint-vote':
        return { type: 'checkpoint-vote', vote: spoil(packet.vote) };
      case 'proposal':
        return { type: 'proposal', proposal: spoil(packet.proposal) };
      case 'view-change':
        return { type: 'view-change', viewChange: spoil(packet.viewChange) };
      case 'new-view':
        return { type: 'new-view', newView: spoil(packet.newView) };
      default:
        return null;
    }
  };
  return {
    outgoing(_, packet) {
      const bad = hand.random.chance(0.3) ? spoilt(packet) : null;
      if (bad === null) return [packet];
      hand.count('garbage');
      return hand.random.chance(0.5) ? [bad, packet] : [packet, bad];
    },
  };
}
