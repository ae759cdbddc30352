import type {
  Block,
  CheckpointCertificate,
  Message,
  SignedVote,
  VoteCertificate,
} from '../../consensus/messages.ts';
import { type Behaviour, type Hand, isOwn, peersOf, sendAll, signAs, sizesOf } from './behaviour.ts';

/** Things kept of each kind, to make others of. */
const KEPT = 60;

/**
 * Makes certificates out of what it has: too few signers, one twice, another kind, view, block or text; asks for views
 * with them; and leads with batches that nobody signed.
 */
export function forge(hand: Hand): Behaviour {
  const seen: VoteCertificate[] = [];
  const checkpoints: CheckpointCertificate[] = [];
  const keep = <T>(list: T[], item: T | null): void => {
    if (item === null) return;
    if (list.length < KEPT) list.push(item);
    else list[hand.random.between(0, KEPT - 1)] = item;
  };
  const forgedVote = (of: VoteCertificate): VoteCertificate => {
    const { signatures } = of;
    const { n, q } = sizesOf(hand);
    return hand.random.pick([
      { ...of, signatures: signatures.slice(0, q - 1) },
      { ...of, signatures: [signatures[0]!, ...signatures.slice(0, q - 1)] },
      { ...of, kind: of.kind === 'commit' ? 'prepare' : 'commit' },
      { ...of, view: of.view + 1 },
      { ...of, epoch: of.epoch + 1 },
      { ...of, height: of.height + 1 },
      { ...of, hash: `${of.hash} forged` },
      { ...of, signatures: signatures.map((one, i) => (i === 0 ? { ...one, signer: n } : one)) },
      {
        ...of,
        signatures: signatures.map((one, i) => (i < 1 ? one : { ...one, signer: (one.signer + 1) % n })),
      },
    ]);
  };
  const forgedCheckpoint = (of: CheckpointCertificate): CheckpointCertificate =>
    hand.random.pick([
      { ...of, signatures: of.signatures.slice(0, sizesOf(hand).q - 1) },
      { ...of, epoch: of.epoch + 1 },
      { ...of, signatures: of.signatures.map(() => of.signatures[0]!) },
      { ...of, height: of.height + 1 },
      { ...of, hash: `${of.hash} forged` },
      { ...of, text: of.text.replace(/\nstate ..../, '\nstate AAAA') },
    ]);
  /** What a leader shows to all in place of a block. */
  const lies = new Map<string, Block>();
  const distort = ({ hash: _, ...draft }: Block): Block => {
    const { timestamp } = draft;
    const changed = hand.random.pick([
      { ...draft, batches: [...draft.batches, `unsigned ${draft.height}`] },
      { ...draft, barrier: !draft.barrier },
      { ...draft, timestamp: timestamp - hand.random.between(1_000, 10_000) },
      { ...draft, timestamp: timestamp + hand.random.between(2_000, 20_000) },
    ]);
    return { ...changed, hash: hand.symbols.hashBlock(changed) };
  };
  const votes: SignedVote[] = [];
  /** Two things that somebody honest signed, and that do not exclude each other. */
  const slander = (): Message | null => {
    const first = votes.length === 0 ? undefined : hand.random.pick(votes);
    if (first === undefined) return null;
    const others = votes.filter(vote => vote.signer === first.signer && vote.hash !== first.hash);
    // Of one height if there are such: only its view or kind tells them apart.
    const second = others.find(vote => vote.height === first.height) ?? others[0];
    if (second === undefined) return null;
    return { type: 'evidence', evidence: { type: 'votes', first, second } };
  };
  const make = (): Message | null => {
    const { state } = hand.replica;
    const checkpoint = checkpoints.length === 0 ? undefined : hand.random.pick(checkpoints);
    if (seen.length === 0 || checkpoint === undefined || state === null) return null;
    const certificate = forgedVote(hand.random.pick(seen));
    switch (hand.random.between(0, 4)) {
      case 4:
        return slander();
      case 0:
        return { type: 'commit-certificate', certificate };
      case 1:
        return { type: 'checkpoint-certificate', certificate: forgedCheckpoint(checkpoint) };
      case 2:
        return signAs(hand, {
          type: 'view-change',
          body: {
            epoch: state.config.epoch,
            newView: state.asked + 1,
            high: { ...certificate, kind: 'prepare' },
            checkpoint: null,
          },
        });
      default: {
        const changes = [...state.viewChanges.values()].slice(0, sizesOf(hand).q - 1);
        const view = changes[0]?.newView ?? state.view + 1;
        return signAs(hand, {
          type: 'new-view',
          body: { epoch: state.config.epoch, view, viewChanges: changes },
        });
      }
    }
  };
  return {
    incoming(_, packet) {
      if (packet.type === 'vote' && hand.random.chance(0.3)) keep(votes, packet.vote);
      if (packet.type === 'commit-certificate') keep(seen, packet.certificate);
      if (packet.type === 'checkpoint-certificate') keep(checkpoints, packet.certificate);
      if (packet.type === 'view-change') keep(seen, packet.viewChange.high);
    },
    outgoing(to, packet) {
      if (packet.type !== 'proposal' || !isOwn(hand, packet.proposal)) return [packet];
      const { block, view } = packet.proposal;
      let lie = lies.get(block.hash);
      if (lie === undefined) {
        lie = hand.random.chance(0.08) ? distort(block) : block;
        lies.set(block.hash, lie);
      }
      if (lie === block) return [packet];
      hand.count('forgeries');
      for (const digest of lie.batches)
        if (!block.batches.includes(digest))
          hand.send(to, {
            type: 'batch',
            digest,
            signature: hand.symbols.sign(hand.id, `submission ${digest}`),
          });
      return [signAs(hand, { type: 'proposal', view, block: lie })];
    },
    tick() {
      const { state } = hand.replica;
      keep(seen, state?.high ?? null);
      keep(seen, state?.commitCertificate ?? null);
      keep(checkpoints, state?.checkpoint ?? null);
      const message = hand.random.chance(0.3) ? make() : null;
      if (message === null) return;
      hand.count('forgeries');
      if (hand.random.chance(0.5)) sendAll(hand, message);
      else hand.send(hand.random.pick(peersOf(hand)), message);
    },
  };
}
