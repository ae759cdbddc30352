import {
  type Asked,
  COMMIT_TYPE,
  type Conflict,
  consistencyCodec,
  encode,
  encodeEvidence,
  formatSignatureLine,
  makeVerifierKey,
  parseCheckpoint,
  parseNote,
  parseSignatureLine,
  quorum,
  type Result,
  sizesOf,
  TYPE_COSIGNATURE,
  verifyAllRecords,
  verifyConsistent,
  verifyCosignature,
  verifyCosigners,
  verifyEvidence,
  verifyReceipt,
  verifyRecordStatus,
  verifySignedHead,
  verifyStatusProof,
  voteBytes,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { Branch, certify } from '../../../packages/core/src/audit/testing/branches.ts';
import { rememberingVerifier } from '../../../packages/core/src/crypto/remembering-verifier.ts';
import { leafHash, mth, proof } from '../../../packages/core/src/merkle/testing/log-oracle.ts';
import { plannedChain, type Seat } from '../../../packages/core/src/receipts/testing/handover-chain.ts';
import { verifyManifest } from '../../../packages/node/src/engine/snapshot/manifest.ts';
import { seed, testKey, unwrap } from '../../fixtures/builder.ts';
import { LATE_INDEX } from '../../fixtures/epochs.ts';
import { bytes, type Decoder, text } from '../decoder.ts';
import { manifestOf } from '../snapshot-samples.ts';
import type { World } from '../world.ts';

/** The samples' own signatures are checked once. */
const suite = { ...nativeSuite, verifier: rememberingVerifier(nativeSuite.verifier) };

/** What judges bytes by the genesis alone. What is signed is signed as it is: nothing but the sample itself passes. */
export function verdictEntries({ ledger, codecs }: World): readonly Decoder[] {
  const { chain, handovers, height } = ledger;
  const trust = { chain, suite, fresh: null };
  const receipt = ledger.receipt(LATE_INDEX, height);
  const held = unwrap(verifyReceipt(receipt, { ...trust, digests: null }));
  const { profile, subject } = held.leaf.entry.value;
  const asked: Asked = { kind: 'subject', profile, subject };
  const status = ledger.statusProof(asked, LATE_INDEX);
  const note = ledger.note(height);
  const { text: said, signatures } = unwrap(parseNote(note));
  const { validators } = ledger.now().set;
  const lines = signatures.slice(1);
  const [{ code, key }] = validators as [(typeof validators)[number]];
  const vkey = makeVerifierKey(`${chain.origin}/${code}`, TYPE_COSIGNATURE, key, suite.hasher);
  const heads = ledger.blocks.map(block => unwrap(parseCheckpoint(block.text)));
  return [
    passing('verdict on a receipt', verifyReceipt, receipt, input =>
      verifyReceipt(input, { ...trust, digests: null }),
    ),
    passing('verdict on a signed checkpoint', verifySignedHead, note, input =>
      verifySignedHead(input, handovers, trust),
    ),
    passing('verdict on a status proof', verifyStatusProof, status, input =>
      verifyStatusProof(input, asked, trust),
    ),
    passing('verdict on the status of a record', verifyRecordStatus, status, input =>
      verifyRecordStatus(input, held, trust),
    ),
    passing('verdict on all records', verifyAllRecords, status, input =>
      verifyAllRecords([held], input, trust),
    ),
    passing('verdict on a snapshot', verifyManifest, manifestOf(ledger), input =>
      verifyManifest(chain, suite, codecs, input),
    ),
    text(
      'verdict on a cosignature',
      [verifyCosignature],
      [formatSignatureLine(lines[0]!).trimEnd()],
      line => {
        const read = parseSignatureLine(line);
        return read.ok ? verifyCosignature(said, read.value, vkey, suite.verifier) : read;
      },
      { only: formatSignatureLine(lines[0]!).trimEnd() },
    ),
    text(
      'verdict on cosigners',
      [verifyCosigners],
      [said],
      input =>
        verifyCosigners(input, lines.slice(0, quorum(validators.length)), chain.origin, validators, suite),
      { only: said },
    ),
    bytes(
      'verdict on consistency',
      [verifyConsistent],
      [consistencyOf(chain.hash, ledger.leaves, sizesOf(heads))],
      input => verifyConsistent(heads, input, chain, suite.hasher),
      // Proofs that nobody needs may stand in it.
      null,
    ),
    ...evidenceEntries(),
  ];
}

function passing<T>(
  name: string,
  of: unknown,
  sample: Uint8Array,
  read: (bytes: Uint8Array) => Result<T>,
): Decoder {
  return bytes(name, of === undefined ? [] : [of], [sample], read, { only: sample });
}

function consistencyOf(
  genesis: Uint8Array,
  leaves: readonly Uint8Array[],
  sizes: readonly number[],
): Uint8Array {
  const hashes = leaves.map(leafHash);
  const steps = sizes.slice(1).map((to, i) => {
    const from = sizes[i]!;
    return { from, to, path: proof(from, hashes.slice(0, to)) };
  });
  return encode(consistencyCodec, { v: 1 as const, genesis, steps });
}

/** Evidence by two checkpoints of one height, of two logs and of two chains of blocks, and by two certificates of votes. */
function evidenceEntries(): readonly Decoder[] {
  const seats = ['110000', '120000', '130000', '140000'].map((code): Seat => [code, 0]);
  const chain = plannedChain(seats);
  const ours = new Branch(chain, ['a', 'b', 'c', 'd']);
  const theirs = new Branch(chain, ['a', 'b', 'x', 'y', 'z']);
  const by = (branch: Branch, height: number, signers: readonly number[]) =>
    certify(chain, seats, branch.text(height), signers);
  const first = by(ours, 3, [0, 1, 2]);
  const second = by(theirs, 5, [0, 1, 3]);
  const votes = (what: string) => {
    const vote = { kind: 'commit' as const, epoch: 0, view: 3, height: 5, hash: seed(what, 32) };
    const said = voteBytes(chain.hash, COMMIT_TYPE, vote.epoch, vote.view, vote.height, vote.hash);
    const signatures = [0, 1, 2].map(
      i => [i, testKey(`validator ${seats[i]!.join(' ')}`).sign(said)] as const,
    );
    return { ...vote, signatures, handovers: null };
  };
  const conflicts: readonly Conflict[] = [
    { kind: 'height', first, second: by(theirs, 3, [1, 2, 3]) },
    { kind: 'log', root: mth(theirs.leaves.slice(0, 3)), path: proof(3, theirs.leaves), first, second },
    { kind: 'blocks', headers: theirs.headers.slice(3), first, second },
    { kind: 'votes', first: votes('a'), second: votes('b') },
  ];
  return conflicts.map((conflict, i) =>
    passing(
      `verdict on evidence of ${conflict.kind}`,
      i === 0 ? verifyEvidence : undefined,
      encodeEvidence(chain.hash, conflict),
      input => verifyEvidence(input, { chain, suite }),
    ),
  );
}
