import type { Message, ViewChange } from '../../../packages/node/src/consensus/messages.ts';
import type { State } from '../../../packages/node/src/consensus/state.ts';
import { blockHasher } from '../../../packages/node/src/engine/wire/codecs.ts';
import { laneOf } from '../../../packages/node/src/engine/wire/frames.ts';
import type * as simulated from '../../../packages/node/src/testing/byzantine/behaviour.ts';
import type { Packet } from '../../../packages/node/src/testing/simulator/packets.ts';
import type { Replica } from '../../../packages/node/src/testing/simulator/replica.ts';
import { Symbols } from '../../../packages/node/src/testing/simulator/symbolic.ts';
import { type Behaviour, type Hand, toolsOf } from './behaviour.ts';

/*
 * The behaviours of the simulator, around a real node: they see and make messages, never bytes, and sign and hash by table.
 * Here what they sign is only marked, and signed with the true key on its way out; what they name by words is named by its hash.
 */

/** Batches remembered that were executed. */
const KEPT = 100;
const HEX_HASH = /^[0-9a-f]{64}$/;

/** Signatures that are only marks, and hashes of real blocks. */
class Marks extends Symbols {
  readonly #marks = new WeakSet<Uint8Array>();
  readonly #hashOf: Symbols['hashBlock'];

  constructor(hashOf: Symbols['hashBlock']) {
    super();
    this.#hashOf = hashOf;
  }

  has(signature: Uint8Array): boolean {
    return this.#marks.has(signature);
  }

  override sign(): Uint8Array {
    const mark = new Uint8Array(64);
    this.#marks.add(mark);
    return mark;
  }

  /** Nothing is looked up by it here. */
  override hash(): string {
    return '';
  }

  override hashBlock(draft: Parameters<Symbols['hashBlock']>[0]): string {
    return this.#hashOf(draft);
  }
}

/** A behaviour of the simulator as one of a real member. */
export function around(make: (hand: simulated.Hand) => simulated.Behaviour): (hand: Hand) => Behaviour {
  return hand => {
    const { frames, signed } = toolsOf(hand);
    const { node, codes, hasher } = hand;
    const hashOf = blockHasher(hand.genesis, hasher);
    const named = (name: string): string =>
      HEX_HASH.test(name) ? name : Buffer.from(hasher.digest(Buffer.from(name))).toString('hex');
    const marks = new Marks(draft => hashOf({ ...draft, batches: draft.batches.map(named) }));
    const sealedChange = (change: ViewChange): ViewChange => {
      const { signer, signature, ...body } = change;
      if (!marks.has(signature)) return change;
      const high = body.high && { ...body.high, hash: named(body.high.hash) };
      const sealed = signed({ type: 'view-change', body: { ...body, high } }, body.epoch, signer);
      return sealed.type === 'view-change' ? sealed.viewChange : change;
    };
    /** A message as it can travel. */
    const sealed = (message: Message): Message => {
      switch (message.type) {
        case 'proposal': {
          const { view, block, signer, signature } = message.proposal;
          const shown = { ...block, batches: block.batches.map(named) };
          return marks.has(signature)
            ? signed({ type: 'proposal', view, block: shown }, block.epoch, signer)
            : message;
        }
        case 'view-change':
          return { ...message, viewChange: sealedChange(message.viewChange) };
        case 'new-view': {
          const { signer, signature, ...body } = message.newView;
          const viewChanges = body.viewChanges.map(sealedChange);
          return marks.has(signature)
            ? signed({ type: 'new-view', body: { ...body, viewChanges } }, body.epoch, signer)
            : message;
        }
        case 'commit-certificate':
          return {
            ...message,
            certificate: { ...message.certificate, hash: named(message.certificate.hash) },
          };
        case 'checkpoint-certificate':
          return {
            ...message,
            certificate: { ...message.certificate, hash: named(message.certificate.hash) },
          };
        default:
          return message;
      }
    };
    const encoded = (packet: Packet): readonly Uint8Array[] =>
      // Bodies are named by table in the simulator: there are none such here.
      packet.type === 'batch' || packet.type === 'batch-request'
        ? []
        : [frames.encode({ type: 'message', message: sealed(packet) })];
    /** What was executed lately, as the node inside was seen to hold it. */
    const executed = new Set<string>();
    const noteExecuted = ({ blocks, executed: { height } }: State): void => {
      for (const { block } of blocks.values())
        if (block.height <= height) for (const digest of block.batches) executed.add(digest);
      for (const digest of executed) if (executed.size > KEPT) executed.delete(digest);
    };
    const behaviour = make({
      id: codes.findIndex(code => !hand.peers.includes(code)),
      members: codes.length,
      random: hand.random,
      symbols: marks,
      // What a behaviour reads of the replica inside, and no more.
      replica: {
        key: 0,
        get state() {
          return node.state;
        },
        get config() {
          return node.state!.config;
        },
        offerHeld: () => node.offerHeld(),
        disk: { executedBatches: executed },
        // What it would pack anew is named, and nobody has it.
        addBatch: () => {},
      } as unknown as Replica,
      now: () => performance.now(),
      send: (to, packet) => {
        for (const frame of encoded(packet))
          node.send(codes[to]!, frame, laneOf({ type: 'message', message: packet as Message }));
      },
      count: () => hand.lied(),
      // None of these makes batches of its own.
      publish: () => {},
    });
    const { outgoing, incoming, tick, offers } = behaviour;
    const messageIn = (frame: Uint8Array): Message | null => {
      const read = frames.decode(frame);
      return read.ok && read.value.type === 'message' ? read.value.message : null;
    };
    return {
      outgoing(to, frame) {
        const message = outgoing === undefined || node.state === null ? null : messageIn(frame);
        if (message === null) return [frame];
        return outgoing!(codes.indexOf(to), message).flatMap(one =>
          one === message ? [frame] : encoded(one),
        );
      },
      incoming(frame) {
        const message = incoming === undefined ? null : messageIn(frame);
        if (message !== null) incoming!(-1, message);
      },
      tick() {
        if (node.state === null) return;
        noteExecuted(node.state);
        tick?.();
      },
      // Batches have numbers in the simulator.
      offers: digest => offers?.(`batch ${Number.parseInt(digest.slice(0, 8), 16)}`) ?? true,
    };
  };
}
