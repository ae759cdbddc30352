import type { Codec } from '../encoding/codec.ts';
import { type Result, refuse } from '../encoding/result.ts';
import type { Entry } from '../records/entry.ts';
import { type Approved, type MembershipContext, readApproved } from './check-membership.ts';

/** What a change is judged by that names its carrier, beside the sets. */
export interface CarriedContext extends MembershipContext {
  /** The entry's subject has a record already. */
  readonly recorded: boolean;
}

/**
 * A change that is approved for one carrier in one epoch, taken out of its governance entry by `publisher`. Its subject, named
 * by `idOf`, has no record yet: nobody brings it twice. Approvals are not looked at. Faults: `governance-malformed`,
 * `governance-epoch`.
 */
export function readCarried<T extends { readonly epoch: number; readonly carrier: string }>(
  entry: Entry,
  publisher: string,
  codec: Codec<T>,
  idOf: (change: T, changeBytes: Uint8Array) => string,
  { epoch, ended, recorded }: CarriedContext,
): Result<Approved<T>> {
  const read = readApproved(entry, codec);
  if (!read.ok) return read;
  const { change, changeBytes } = read.value;
  if (change.carrier !== publisher)
    return refuse(
      'governance-malformed',
      `approved to be recorded by ${change.carrier}, not by ${publisher}`,
    );
  const id = idOf(change, changeBytes);
  if (entry.subject.issuer !== publisher || entry.subject.id !== id || recorded)
    return refuse('governance-malformed', `the subject is not ${id} of the submitting publisher, anew`);
  if (change.epoch !== epoch || ended)
    return refuse(
      'governance-epoch',
      `approved in epoch ${change.epoch}, epoch ${ended ? epoch + 1 : epoch} is current`,
    );
  return read;
}
