import type { Behaviour, Hand } from './behaviour.ts';

/** Ms after which a slow leader takes one more batch. */
const PAUSE = 650;
/** One batch in so many is left out by a censor. */
const DISLIKED = 5;

/** A leader that does just enough never to be timed out: one batch at a time, and a pause before the next. */
export function slowLeader(hand: Hand): Behaviour {
  let next = 0;
  return {
    offers() {
      if (hand.now() < next) {
        hand.count('slowLeaders');
        return false;
      }
      next = hand.now() + PAUSE;
      return true;
    },
    tick: () => hand.replica.offerHeld(),
  };
}

/** A leader that orders all but what it dislikes, at full speed. */
export function censor(hand: Hand): Behaviour {
  return {
    offers(digest) {
      const disliked = Number(digest.split(' ').at(-1)) % DISLIKED === 0;
      if (disliked) hand.count('censored');
      return !disliked;
    },
  };
}
