import { decode } from '../encoding/codec.ts';
import { type Fault, ok, type Result, refuse } from '../encoding/result.ts';
import { type Accusation, accusationCodec, accusationSubject } from '../records/accusation.ts';
import type { Entry } from '../records/entry.ts';
import { COMMIT_TYPE, PREPARE_TYPE, voteBytes } from '../records/vote-bytes.ts';
import type { MembershipContext } from './check-membership.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { cosignedMessage, MAX_COSIGNATURE_TIME } from './cosignature.ts';

/** What an accusation is judged by beside the sets. */
export interface AccusationContext extends MembershipContext {
  /** The chain's, which its checkpoints begin with. */
  readonly origin: string;
  /** Log index of the accusation of a member in an epoch that is on record, or null. */
  accused(code: string, epoch: number): number | null;
}

/**
 * The accusation in a governance entry by `publisher`, if it proves what it says and is the first of its member and epoch.
 * Signatures come last. Faults: `governance-malformed`, `governance-epoch` (an epoch that has not begun),
 * `governance-members` (nobody in its set), `governance-recorded`, `governance-evidence`.
 */
export function checkAccusation(
  entry: Entry,
  publisher: string,
  context: AccusationContext,
): Result<Accusation> {
  const read = readAccusation(entry);
  if (!read.ok) return read;
  const { code, epoch } = read.value;
  const { id } = accusationSubject(publisher, read.value);
  if (entry.subject.issuer !== publisher || entry.subject.id !== id)
    return refuse('governance-malformed', `the subject is not ${id} of the submitting publisher`);
  if (epoch > context.epoch)
    return refuse('governance-epoch', `accused in epoch ${epoch}, epoch ${context.epoch} is current`);
  const member = context.set(epoch).validators.find(validator => validator.code === code);
  if (member === undefined)
    return refuse('governance-members', `${code} is not of the set of epoch ${epoch}`);
  const index = context.accused(code, epoch);
  if (index !== null)
    return refuse('governance-recorded', `${code} is on record for epoch ${epoch}: record ${index}`);
  const flaw = accusationFlaw(read.value, member.key, context);
  return flaw === null ? read : { ok: false, fault: flaw };
}

/** An accusation taken out of its governance entry. Fault: `governance-malformed`. */
export function readAccusation({ digest, prev, links, origin, meta }: Entry): Result<Accusation> {
  const bad = (detail: string) => refuse('governance-malformed', detail);
  if (digest !== null || prev !== null || links.length > 0 || origin !== null)
    return bad('a governance record has no digest, no prev, no links and no origin');
  const bytes = meta.get('evidence');
  if (meta.size !== 1 || !(bytes instanceof Uint8Array)) return bad('meta is not the byte string evidence');
  const accusation = decode(accusationCodec, bytes);
  return accusation.ok ? accusation : bad(`the evidence: ${accusation.fault.detail}`);
}

/**
 * Why an accusation proves nothing against the holder of `key`, the member's in the set of the epoch, or null. That they
 * are two, of one kind, view and height, is in its form. Fault: `governance-evidence`.
 */
export function accusationFlaw(
  accusation: Accusation,
  key: Uint8Array,
  context: Pick<AccusationContext, 'genesis' | 'origin' | 'suite'>,
): Fault | null {
  const signed = signedOf(accusation, context);
  if (!signed.ok) return signed.fault;
  for (const [i, [message, signature]] of signed.value.entries())
    if (!context.suite.verifier.verify(key, message, signature))
      return refuse('governance-evidence', `statement ${i} is not signed by ${accusation.code}`).fault;
  return null;
}

type Signed = readonly [message: Uint8Array, signature: Uint8Array];

function signedOf(
  { epoch, votes, checkpoints }: Accusation,
  { genesis, origin }: Pick<AccusationContext, 'genesis' | 'origin'>,
): Result<readonly Signed[]> {
  if (votes !== null) {
    const { kind, view, height, statements } = votes;
    const type = kind === 'prepare' ? PREPARE_TYPE : COMMIT_TYPE;
    return ok(
      statements.map(({ hash, signature }) => [
        voteBytes(genesis, type, epoch, view, height, hash),
        signature,
      ]),
    );
  }
  const bad = (detail: string) => refuse('governance-evidence', detail);
  const heights: number[] = [];
  const signed: Signed[] = [];
  for (const { text, time, signature } of checkpoints ?? []) {
    const parsed = parseCheckpoint(text);
    if (!parsed.ok) return bad(`no checkpoint: ${parsed.fault.detail}`);
    const { value } = parsed;
    if (value.origin !== origin) return bad(`a checkpoint of ${value.origin}, this chain is ${origin}`);
    if (value.epoch !== epoch) return bad(`a checkpoint of epoch ${value.epoch}, not ${epoch}`);
    if (time > MAX_COSIGNATURE_TIME) return bad('a cosignature with a time after the year 9999');
    heights.push(value.height);
    signed.push([cosignedMessage(text, time), signature]);
  }
  return heights[0] === heights[1] ? ok(signed) : bad(`checkpoints of heights ${heights.join(' and ')}`);
}
