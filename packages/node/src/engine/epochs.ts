import {
  blockHash,
  type Chain,
  decode,
  type EpochValue,
  epochValueCodec,
  equalBytes,
  type Hasher,
  invariant,
  memberValueCodec,
  observersValueCodec,
  type Suite,
  stateKey,
  toHex,
} from '@qifeng/core';
import type { BlockRef, Config } from '../consensus/config.ts';
import type { WalRecord } from '../consensus/output.ts';
import type { LedgerReader } from '../ports/ledger-store.ts';
import type { Contact } from '../ports/transport.ts';

/** What an epoch stands on: its last predecessor's last block, or the genesis. */
export type EpochBase = BlockRef & { readonly timestamp: number };

/** The validator sets of a chain as the executed state has them. */
export interface Epochs {
  /** The set of an epoch; null if the state does not hold it. */
  set(epoch: number): EpochValue | null;
  /** The newest epoch that the state holds; its barrier block is executed, but perhaps not final. */
  newest(): number;
  /** The epoch in which the block at a height was made. */
  at(height: number): number;
  /** What the epoch stands on; its barrier block must be executed here. */
  base(epoch: number): EpochBase;
  /** Every member that can be reached, validator or not, and every observer. */
  contacts(): readonly Contact[];
}

/** The epochs in a ledger. Sets are read once: they never change. */
export function epochsOf(chain: Chain, { hasher }: Suite, ledger: LedgerReader): Epochs {
  const known: EpochValue[] = [{ n: chain.validators.length, start: 1, validators: chain.validators }];
  const set = (epoch: number): EpochValue | null => {
    for (let next = known.length; next <= epoch; next++) {
      const bytes = ledger.stateValue(stateKey(hasher, 'epoch', next));
      if (bytes === null) return null;
      const value = decode(epochValueCodec, bytes);
      invariant(value.ok, `the set of epoch ${next} decodes`);
      known.push(value.value);
    }
    return known[epoch] ?? null;
  };
  // Every receipt asks for the epoch of its block: the state is looked into once a block.
  let lookedAt = -1;
  const newest = (): number => {
    const height = ledger.head()?.header.height ?? 0;
    if (height !== lookedAt) while (set(known.length) !== null);
    lookedAt = height;
    return known.length - 1;
  };
  // So does every batch that a member sends.
  let met: readonly Contact[] = [];
  let metAt = -1;
  return {
    set,
    newest,
    at: height => {
      let epoch = newest();
      while (known[epoch]!.start > height && epoch > 0) epoch--;
      return epoch;
    },
    base: epoch => {
      if (epoch === 0) return { height: 0, hash: toHex(chain.hash), timestamp: chain.genesis.created };
      const height = set(epoch)!.start - 1;
      const header = ledger.header(height);
      invariant(header !== null, `block ${height}, on which epoch ${epoch} stands, is here`);
      return { height, hash: toHex(blockHash(header, hasher)), timestamp: header.timestamp };
    },
    contacts: () => {
      const height = ledger.head()?.header.height ?? 0;
      if (height !== metAt) met = contactsIn(chain, hasher, ledger);
      metAt = height;
      return met;
    },
  };
}

/** From the state, which says of each member of the genesis how it is reached now, and who else follows. */
function contactsIn({ genesis }: Chain, hasher: Hasher, ledger: LedgerReader): readonly Contact[] {
  const contacts = new Map<string, Contact>();
  for (const { code, p2pKey, addresses } of genesis.members)
    if (p2pKey !== null) contacts.set(code, { code, p2pKey, addresses });
  for (const { code } of genesis.members) {
    const bytes = ledger.stateValue(stateKey(hasher, 'member', code));
    const value = bytes === null ? null : decode(memberValueCodec, bytes);
    if (value === null) continue;
    invariant(value.ok, `member ${code} decodes`);
    const { p2pKey, addresses } = value.value;
    if (p2pKey === null) contacts.delete(code);
    else contacts.set(code, { code, p2pKey, addresses });
  }
  return [...contacts.values(), ...observersIn(hasher, ledger)];
}

function observersIn(hasher: Hasher, ledger: LedgerReader): readonly Contact[] {
  const bytes = ledger.stateValue(stateKey(hasher, 'observers'));
  if (bytes === null) return [];
  const value = decode(observersValueCodec, bytes);
  invariant(value.ok, 'the observers decode');
  return value.value.observers;
}

/** What a node knows of itself and of the chain's pace, whatever the epoch. */
export interface Own {
  readonly code: string;
  readonly validatorKey: Uint8Array;
  readonly settings: Pick<
    Config,
    'window' | 'term' | 'depth' | 'maxBatches' | 'maxBytes' | 'fill' | 'timing'
  >;
}

/**
 * How a node takes part in an epoch: it votes if the set names its code with the very key it holds. `me` is -1 for one that
 * is not in the set at all.
 */
export function configOf(
  epochs: Pick<Epochs, 'set' | 'base'>,
  own: Own,
  epoch: number,
  base: EpochBase = epochs.base(epoch),
): Config {
  const set = epochs.set(epoch);
  invariant(set !== null, `the set of epoch ${epoch} is known`);
  const me = set.validators.findIndex(({ code }) => code === own.code);
  return {
    epoch,
    validators: set.validators.map(({ code }) => code),
    me,
    votes: me >= 0 && equalBytes(set.validators[me]!.key, own.validatorKey),
    base,
    ...own.settings,
  };
}

/** The ledger ends before the epoch that the log is of, so that its set is not known: what was executed is gone. */
export class LedgerBehind extends Error {
  readonly code = 'store-behind-log';
}

/**
 * Where the log says a node is; without a log, the last epoch whose beginning is final here, `final` being so. Throws
 * `LedgerBehind`.
 */
export function epochOfLog(
  epochs: Pick<Epochs, 'set' | 'newest' | 'base'>,
  [first]: readonly WalRecord[],
  final: number,
): { readonly epoch: number; readonly base: EpochBase } {
  if (first?.type === 'epoch') {
    if (epochs.set(first.epoch) === null)
      throw new LedgerBehind(
        `the log is of epoch ${first.epoch}, the ledger ends in epoch ${epochs.newest()}`,
      );
    return first;
  }
  if (first !== undefined) return { epoch: 0, base: epochs.base(0) };
  const newest = epochs.newest();
  const epoch = newest > 0 && final < epochs.set(newest)!.start - 1 ? newest - 1 : newest;
  return { epoch, base: epochs.base(epoch) };
}
