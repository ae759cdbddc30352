import type { Packet } from '../simulator/packets.ts';
import { type Behaviour, type Hand, peersOf } from './behaviour.ts';

/** Old messages remembered. */
const REMEMBERED = 400;

/** Says again what anybody once said, of old views above all: all of it is signed, and none of it is news. */
export function replay(hand: Hand): Behaviour {
  const old: Packet[] = [];
  let seen = 0;
  const remember = (packet: Packet): void => {
    if (packet.type === 'status' || packet.type === 'batch' || packet.type === 'batch-request') return;
    // A random sample of all that was ever said, so that old views stay in it.
    if (old.length < REMEMBERED) old.push(packet);
    else if (hand.random.chance(REMEMBERED / ++seen)) old[hand.random.between(0, REMEMBERED - 1)] = packet;
  };
  return {
    incoming: (_, packet) => remember(packet),
    outgoing(_, packet) {
      remember(packet);
      return [packet];
    },
    tick() {
      if (old.length === 0) return;
      for (let i = 0; i < 5; i++) {
        hand.count('replays');
        hand.send(hand.random.pick(peersOf(hand)), hand.random.pick(old));
      }
    },
  };
}
