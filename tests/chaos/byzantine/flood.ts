import type { SignedVote } from '../../../packages/node/src/consensus/messages.ts';
import { type Behaviour, type Hand, toolsOf } from './behaviour.ts';

/** Messages of the flood that are kept signed, and how many are made anew with each vote. */
const RING = 400;
const FRESH = 4;
/** Messages of the flood with each frame: some thousand a second, requests and claims among them, under a usual load. */
const WITH_EACH = 60;
/** How far above the present height or view they are: where its own later votes never come, as that would be evidence. */
const FAR = [1_000, 100_000, 1_000_000_000] as const;

/**
 * Votes, proposals, VIEW-CHANGEs, claims and requests for heights and views that nobody has reached, all rightly signed. It
 * ceases while the member is itself behind: a peer reads so many requests of a member and no more, and with its own lost
 * among these it would never come to tell another lie.
 */
export function flood(hand: Hand): Behaviour {
  const { frames, hash, sign } = toolsOf(hand);
  const { random } = hand;
  const ring: Uint8Array[] = [];
  const isBehind = (): boolean => {
    const { state } = hand.node;
    return state !== null && state.target.height > state.executed.height;
  };
  const far = (): number => random.pick(FAR) + random.between(0, 40);
  const make = ({ kind, epoch, view: now, height: top, hash: known, signer }: SignedVote): Uint8Array => {
    const [height, view] = [top + far(), now + random.pick([0, 0, 1, 1, 2, far()])];
    const nowhere = Buffer.from(hand.hasher.digest(Buffer.from(`${height}`))).toString('hex');
    switch (random.between(0, 5)) {
      case 0:
      case 1:
        return sign({ type: 'vote', vote: { kind, epoch, view, height, hash: nowhere } }, epoch, signer);
      case 2: {
        const proposer = [...hand.peers].sort()[0]!;
        const draft = { height, parent: nowhere, proposer, epoch, timestamp: Date.now(), barrier: false };
        const block = { ...draft, batches: [], hash: hash({ ...draft, batches: [] }) };
        return sign({ type: 'proposal', view, block }, epoch, signer);
      }
      case 3: {
        const body = { epoch, newView: view + 1, high: null, checkpoint: null };
        return sign({ type: 'view-change', body }, epoch, signer);
      }
      case 4: {
        const status = {
          epoch,
          view,
          asked: view + far(),
          accepted: height,
          committed: height,
          final: height,
        };
        return frames.encode({ type: 'message', message: { type: 'status', status } });
      }
      default: {
        const request = { hash: known, above: 0 };
        return frames.encode({ type: 'message', message: { type: 'header-request', request } });
      }
    }
  };
  return {
    outgoing(_, frame) {
      if (isBehind()) return [frame];
      const read = frames.decode(frame);
      if (!read.ok || read.value.type !== 'message') return [frame];
      const { message } = read.value;
      if (message.type === 'vote') for (let i = 0; i < FRESH; i++) ring.push(make(message.vote));
      ring.splice(0, ring.length - RING);
      if (ring.length === 0) return [frame];
      hand.lied();
      return [...Array.from({ length: WITH_EACH }, () => random.pick(ring)), frame];
    },
  };
}
