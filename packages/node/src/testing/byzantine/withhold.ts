import { type Behaviour, type Hand, somePeers } from './behaviour.ts';

/** Silent towards some, for a while; then towards others. */
export function withhold(hand: Hand): Behaviour {
  let victims = somePeers(hand);
  return {
    outgoing(to, packet) {
      if (!victims.has(to)) return [packet];
      hand.count('withheld');
      return [];
    },
    tick() {
      if (hand.random.chance(0.02)) victims = hand.random.chance(0.3) ? new Set() : somePeers(hand);
    },
  };
}
