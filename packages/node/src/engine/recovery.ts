import { invariant } from '@qifeng/core';
import type { Config } from '../consensus/config.ts';
import { memoryLoss } from '../consensus/guard.ts';
import type { WalRecord } from '../consensus/output.ts';
import { type Executed, recover, skipped } from '../consensus/recover.ts';
import type { State } from '../consensus/state.ts';
import type { EngineParts } from './engine-parts.ts';
import { configOf, epochOfLog } from './epochs.ts';
import { certificateAt } from './from-store.ts';
import type { OwnClock } from './own-clock.ts';
import type { Seat } from './seat.ts';
import { blockOf, type WireCodecs } from './wire/codecs.ts';
import type { RecordCodec } from './wire/records.ts';

/** Parts of an engine from which it starts. */
type Parts = Pick<EngineParts, 'store' | 'epochs' | 'own' | 'log' | 'onAmnesia'>;

/**
 * The epoch and state that log and store lead to, and what is to be told upon it. The seat of that epoch is taken by `sit`;
 * without a vote if the key may have signed more than is remembered.
 */
export async function recovered(
  { store, epochs, own, log, onAmnesia }: Parts,
  codecs: WireCodecs,
  codec: RecordCodec,
  clock: OwnClock,
  sit: (config: Config) => Seat,
): Promise<ReturnType<typeof recover>> {
  const startOf = (records: readonly WalRecord[]): { readonly epoch: number; readonly seat: Seat } => {
    const { epoch, base } = epochOfLog(epochs, records, store.lastCertificate()?.height ?? 0);
    return { epoch, seat: sit(configOf(epochs, own, epoch, base)) };
  };
  const records = await advanced(log.read().map(bytes => codec.decode(bytes)));
  const { epoch, seat } = startOf(records);
  const head = store.head();
  const executed: Executed | null =
    head === null
      ? null
      : { block: blockOf(head.header, head.hash), text: head.text, closes: epochs.newest() > epoch };
  const first = recover(seat.config, records, executed, clock.read());
  if (!forgets(seat, records, first.state)) return first;
  return recover(sit(seat.config).config, records, executed, clock.read());

  /**
   * What a log begins with in the epoch of a store that a snapshot brought there, in place of the log's own records, which
   * end in an earlier one.
   */
  async function advanced(old: readonly WalRecord[]): Promise<readonly WalRecord[]> {
    const top = store.head();
    const { epoch: before } = epochOfLog(epochs, old, store.lastCertificate()?.height ?? 0);
    if (top === null || top.header.epoch <= before) return old;
    const last = startOf(old).seat;
    const { state } = recover(last.config, old, null, clock.read());
    forgets(last, old, state);
    const certificate = certificateAt(store, codecs, top.header.height);
    invariant(certificate !== null, 'a store from a snapshot has the certificate of its block');
    const next = skipped(state, configOf(epochs, own, top.header.epoch), certificate, clock.read());
    await log.rewrite(next.map(record => codec.encode(record)));
    return next;
  }

  /** Whether the key may have signed more than log and guard remember: it then signs nothing any more. */
  function forgets({ signer }: Seat, held: readonly WalRecord[], state: State): boolean {
    const lost = memoryLoss(signer.guard, held.length > 0, state);
    if (lost === null) return false;
    signer.forget();
    onAmnesia(lost);
    return true;
  }
}
