import { testChain, testGenesis, testKey } from '../../../../../tests/fixtures/builder.ts';
import { encode } from '../../encoding/codec.ts';
import { toUtf8 } from '../../encoding/utf8.ts';
import { type Checkpoint, formatCheckpoint } from '../../ledger/checkpoint.ts';
import { cosignedMessage } from '../../ledger/cosignature.ts';
import type { Chain } from '../../ledger/genesis.ts';
import { mapHash } from '../../merkle/map-hash.ts';
import { proveMapKey } from '../../merkle/map-prove.ts';
import { memoryNodeStore } from '../../merkle/map-store.ts';
import { updateMap } from '../../merkle/map-tree.ts';
import { nativeSuite } from '../../native/native-suite.ts';
import { type EpochValue, epochValueCodec, stateKey } from '../../records/state.ts';
import type { SignedAt } from '../cosigners.ts';
import { type Handover, makeHandover } from '../handover.ts';

const { hasher } = nativeSuite;
const map = mapHash(hasher);

/** A member as it is in one set: its code, and how often it came back with new keys. */
export type Seat = readonly [code: string, generation: number];

/** One epoch of a plan: its set by code, and the blocks in it. */
export interface PlannedEpoch {
  readonly seats: readonly Seat[];
  readonly blocks: number;
}

const keyOf = (kind: string, [code, generation]: Seat) => testKey(`${kind} ${code} ${generation}`);

/** The chain whose genesis names the first set of a plan. */
export function plannedChain(first: readonly Seat[]): Chain {
  const genesis = testGenesis('planned', 1);
  const members = first.map(seat => ({
    ...genesis.members[0]!,
    code: seat[0],
    validatorKey: keyOf('validator', seat).publicKey,
    logKey: keyOf('log', seat).publicKey,
  }));
  const publishers = genesis.publishers.map(publisher => ({ ...publisher, home: first[0]![0] }));
  return testChain({ ...genesis, members, publishers });
}

/** The value of a planned set. */
export function setValue(seats: readonly Seat[], start: number): EpochValue {
  const validators = seats.map(seat => ({
    code: seat[0],
    key: keyOf('validator', seat).publicKey,
    logKey: keyOf('log', seat).publicKey,
  }));
  return { n: seats.length, start, validators };
}

/** What one handover says; a test changes one thing before it is signed. */
export interface Draft {
  /** Epoch that ends. */
  readonly epoch: number;
  readonly seats: readonly Seat[];
  readonly height: number;
  readonly next: EpochValue;
  /** Changes of the checkpoint, made before it is signed. */
  readonly checkpoint?: Partial<Checkpoint>;
  /** The epoch under whose key the state holds the next set. */
  readonly heldAs?: number;
  /** Positions in the set that sign. */
  readonly signers?: readonly number[];
}

/** The handover of a draft, with a state of a few other values. */
export function handoverOf(chain: Chain, draft: Draft): Handover {
  const { epoch, seats, height, next, checkpoint, heldAs = epoch + 1, signers } = draft;
  const value = encode(epochValueCodec, next);
  const key = stateKey(hasher, 'epoch', heldAs);
  const others = ['110000', '120000', '130000'].map(
    code => [stateKey(hasher, 'member', code), hasher.digest(toUtf8(code))] as const,
  );
  const store = memoryNodeStore();
  const sorted = [...others, [key, hasher.digest(value)] as const].sort(([a], [b]) => Buffer.compare(a, b));
  const update = updateMap(map, store, sorted);
  store.apply(update);
  const text = formatCheckpoint({
    origin: chain.origin,
    size: height,
    root: hasher.digest(toUtf8(`root ${height}`)),
    height,
    blockHash: hasher.digest(toUtf8(`block ${height}`)),
    stateRoot: update.root,
    epoch,
    ...checkpoint,
  });
  const { proof } = proveMapKey(map, store, stateKey(hasher, 'epoch', epoch + 1));
  const { validators } = setValue(seats, 0);
  const signatures = signaturesOf(seats, text, signers);
  return makeHandover({ origin: chain.origin, validators, text, signatures, epoch: value, proof }, hasher);
}

/** Cosignatures of a text by the positions given, of a whole set otherwise. */
export function signaturesOf(
  seats: readonly Seat[],
  text: string,
  signers: readonly number[] = [...seats.keys()],
): SignedAt[] {
  return signers.map(signer => {
    const time = 1_600_000_000 + signer;
    return { signer, time, signature: keyOf('validator', seats[signer]!).sign(cosignedMessage(text, time)) };
  });
}

/** The drafts of a plan's handovers, one for each epoch but the last. */
export function draftsOf(plan: readonly PlannedEpoch[]): Draft[] {
  const drafts: Draft[] = [];
  let height = 0;
  for (let epoch = 0; epoch + 1 < plan.length; epoch++) {
    height += plan[epoch]!.blocks;
    drafts.push({
      epoch,
      seats: plan[epoch]!.seats,
      height,
      next: setValue(plan[epoch + 1]!.seats, height + 1),
    });
  }
  return drafts;
}
