import type { Message } from '../../consensus/messages.ts';
import { type Behaviour, type Hand, peersOf, positionIn, signAs } from './behaviour.ts';

/** Votes, proposals, VIEW-CHANGEs and claims for heights and views that nobody has reached, all rightly signed. */
export function flood(hand: Hand): Behaviour {
  const far = (): number => hand.random.pick([9, 17, 33, 1_000, 1_000_000_000]) + hand.random.between(0, 40);
  const make = (): Message | null => {
    const { state, config } = hand.replica;
    if (state === null) return null;
    const height = state.low + far();
    const view = state.view + hand.random.pick([0, 0, 1, 1, 2, far()]);
    const hash = `${height}#far`;
    const epoch = config.epoch + hand.random.pick([0, 0, 1, -1]);
    const kind = hand.random.pick(['prepare', 'commit'] as const);
    switch (hand.random.between(0, 4)) {
      case 0:
        return signAs(hand, { type: 'vote', vote: { kind, epoch, view, height, hash } });
      case 1: {
        const draft = {
          height,
          parent: hash,
          proposer: config.validators[positionIn(hand)]!,
          epoch: config.epoch,
          timestamp: state.wall,
          batches: [],
          barrier: false,
        };
        const block = { ...draft, hash: hand.symbols.hashBlock(draft) };
        return signAs(hand, { type: 'proposal', view, block });
      }
      case 2:
        return signAs(hand, {
          type: 'view-change',
          body: { epoch, newView: view + 1, high: null, checkpoint: null },
        });
      case 3: {
        const claim = { accepted: height, committed: height, final: height };
        return { type: 'status', status: { epoch, view, asked: view + far(), ...claim } };
      }
      default:
        return { type: 'header-request', request: { hash: state.executed.hash, above: -far() } };
    }
  };
  return {
    tick() {
      for (let i = 0; i < 8; i++) {
        const message = make();
        if (message === null) return;
        hand.count('floods');
        hand.send(hand.random.pick(peersOf(hand)), message);
      }
    },
  };
}
