import { laneOf } from '../../../packages/node/src/engine/wire/frames.ts';
import { type Behaviour, type Hand, toolsOf } from './behaviour.ts';
import { doubleVote, twoHeads } from './double-vote.ts';

/** Ticks after which its votes and cosignatures leave: others decided long before. */
const LATE_TICKS = 20;

/** Votes and cosigns two things, so late that neither counts any more. */
export function belated(hand: Hand): Behaviour {
  const { frames } = toolsOf(hand);
  const doubles = [doubleVote(hand), twoHeads(hand)];
  let ticks = 0;
  let waiting: { readonly at: number; readonly to: string; readonly frame: Uint8Array }[] = [];
  return {
    outgoing(to, frame) {
      const read = frames.decode(frame);
      if (!read.ok || read.value.type !== 'message') return [frame];
      if (!['vote', 'checkpoint-vote'].includes(read.value.message.type)) return [frame];
      const both = doubles.reduce((sent, one) => sent.flatMap(each => one.outgoing(to, each)), [
        frame,
      ] as readonly Uint8Array[]);
      waiting.push(...both.map(each => ({ at: ticks + LATE_TICKS, to, frame: each })));
      return [];
    },
    tick() {
      ticks++;
      for (const { to, frame } of waiting.filter(({ at }) => at <= ticks)) {
        const read = frames.decode(frame);
        if (read.ok) hand.node.send(to, frame, laneOf(read.value));
      }
      waiting = waiting.filter(({ at }) => at > ticks);
    },
  };
}
