import { forge } from '../../../packages/node/src/testing/byzantine/forge.ts';
import { graft } from '../../../packages/node/src/testing/byzantine/graft.ts';
import { newViews } from '../../../packages/node/src/testing/byzantine/new-views.ts';
import { censor, slowLeader } from '../../../packages/node/src/testing/byzantine/poor-leaders.ts';
import { repeat } from '../../../packages/node/src/testing/byzantine/repeat.ts';
import type { Behaviour, Hand } from './behaviour.ts';
import { belated } from './belated.ts';
import { doubleVote, twoHeads } from './double-vote.ts';
import { equivocate, mislead } from './equivocate.ts';
import { falseAnswers } from './false-answers.ts';
import { flood } from './flood.ts';
import { garbageVotes, garble, replay } from './noise.ts';
import { around } from './simulated.ts';
import { tellTale, votesOn } from './votes-on.ts';
import { withhold, withholdBodies } from './withhold.ts';

/** What a member may be told to do. */
export const BEHAVIOURS: Readonly<Record<string, (hand: Hand) => Behaviour>> = {
  equivocate,
  mislead,
  'double-vote': doubleVote,
  'two-heads': twoHeads,
  belated,
  withhold,
  'withhold-bodies': withholdBodies,
  garble,
  'false-answers': falseAnswers,
  'garbage-votes': garbageVotes,
  flood,
  replay,
  forge: around(forge),
  'new-views': around(newViews),
  // What has to be staged is not left to chance.
  graft: around(hand => graft(hand, 1)),
  repeat: around(repeat),
  slow: around(slowLeader),
  censor: around(censor),
  'votes-on': votesOn,
  'tell-tale': tellTale,
};

/** Those for whose lies a turn as leader is not enough. */
export const STAGED: readonly string[] = ['graft', 'votes-on', 'tell-tale'];

/** Several behaviours, one after the other; `lied` counts the lies of each, and those of one kind by their kind too. */
export function combined(
  names: readonly string[],
  hand: Omit<Hand, 'lied'>,
  lied: (name: string) => void,
): Required<Behaviour> {
  const behaviours = names.map(name => {
    const make = BEHAVIOURS[name];
    if (make === undefined) throw new Error(`${name} is none of ${Object.keys(BEHAVIOURS).join(', ')}`);
    return make({
      ...hand,
      lied(kind) {
        lied(name);
        if (kind !== undefined) lied(kind);
      },
    });
  });
  return {
    outgoing: (to, frame) =>
      behaviours.reduce<readonly Uint8Array[]>(
        (sent, behaviour) => sent.flatMap(one => behaviour.outgoing(to, one)),
        [frame],
      ),
    incoming(frame, from) {
      for (const behaviour of behaviours) behaviour.incoming?.(frame, from);
    },
    tick() {
      for (const behaviour of behaviours) behaviour.tick?.();
    },
    offers: digest => behaviours.every(behaviour => behaviour.offers?.(digest) ?? true),
  };
}
