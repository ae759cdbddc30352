import { type Behaviour, type Hand, half, toolsOf } from './behaviour.ts';

/** Frames after which a withholding member chooses other victims. */
const MOOD = 400;
/** Batches of its own that some get: the others have to find them there. */
const SHARED = 20;

/** Silent towards some for a while, then towards others. */
export function withhold(hand: Hand): Behaviour {
  let victims = half(hand);
  return {
    outgoing(to, frame) {
      if (hand.random.chance(1 / MOOD)) victims = half(hand);
      if (!victims.has(to)) return [frame];
      hand.lied();
      return [];
    },
  };
}

/** Orders batches whose bodies it gives to half of the members, and later on to nobody. */
export function withholdBodies(hand: Hand): Behaviour {
  const { frames } = toolsOf(hand);
  /** Who gets which batch. */
  const readers = new Map<string, ReadonlySet<string>>();
  const readersOf = (bytes: Uint8Array): ReadonlySet<string> => {
    const name = Buffer.from(hand.hasher.digest(bytes)).toString('hex');
    const known = readers.get(name) ?? (readers.size < SHARED ? half(hand) : new Set<string>());
    readers.set(name, known);
    return known;
  };
  return {
    outgoing(to, frame) {
      const read = frames.decode(frame);
      if (!read.ok || read.value.type !== 'batch' || readersOf(read.value.bytes).has(to)) return [frame];
      hand.lied();
      return [];
    },
  };
}
