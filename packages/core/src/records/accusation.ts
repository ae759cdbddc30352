import { compareBytes } from '../encoding/bytes.ts';
import {
  type Carried,
  type Codec,
  encode,
  exactly,
  fixedBytes,
  nullable,
  oneOf,
  positive,
  record,
  refined,
  text,
  tuple,
  uint,
} from '../encoding/codec.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import type { Entry, Subject } from './entry.ts';
import { ACCUSE_MEMBER, governanceEntry } from './governance.ts';
import { memberCode } from './names.ts';

const signature = fixedBytes(64);

/** Two that differ, the lesser bytes first: so two signatures make one accusation, whichever was found first. */
function inOrder<T>(statement: Codec<T>, bytesOf: (value: T) => Uint8Array): Codec<readonly [T, T]> {
  return refined(tuple(statement, statement), ([first, second]) =>
    compareBytes(bytesOf(first), bytesOf(second)) < 0
      ? null
      : 'two statements that are the same or out of order',
  );
}

const votesCodec = record({
  kind: oneOf('prepare', 'commit'),
  view: uint(),
  height: positive,
  statements: inOrder(record({ hash: fixedBytes(32), signature }), ({ hash }) => hash),
});
const checkpointsCodec = inOrder(record({ text: text(1024, 1), time: uint(), signature }), statement =>
  toUtf8(statement.text),
);

/** An accusation as bytes. */
export const accusationCodec = refined(
  record({
    v: exactly(1),
    epoch: uint(0xffff_fffe),
    code: memberCode,
    votes: nullable(votesCodec),
    checkpoints: nullable(checkpointsCodec),
  }),
  ({ votes, checkpoints }) =>
    (votes === null) === (checkpoints === null) ? 'not two votes, or two checkpoints' : null,
);
/**
 * Two things that a member signed in an epoch and an honest one never signs both: PREPAREs or COMMITs of one view and height
 * for two blocks, by hash, or cosignatures (`time` in seconds) of two checkpoint texts of one height, by text. Its proof is
 * in the two signatures, by the key that the member has in the set of the epoch.
 */
export type Accusation = Carried<typeof accusationCodec>;

/** What an accusation is about, named inside the publisher that carries it. */
export function accusationSubject(
  issuer: string,
  { code, epoch }: Pick<Accusation, 'code' | 'epoch'>,
): Subject {
  return { issuer, id: `accused ${code} epoch ${epoch}` };
}

/** The governance entry by which a publisher carries an accusation to the ledger. */
export function accusationEntry(issuer: string, accusation: Accusation): Entry {
  const meta = new Map([['evidence', encode(accusationCodec, accusation)]]);
  return governanceEntry(ACCUSE_MEMBER, accusationSubject(issuer, accusation), meta);
}
