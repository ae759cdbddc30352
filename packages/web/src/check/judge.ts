import {
  type Chain,
  type Digest,
  type Fault,
  inspectReceipt,
  type Leaf,
  MAX_PROOF_BYTES,
  parseReceipt,
  portableSuite,
  refuse,
  type StepFaults,
  toHex,
  type VerifiedReceipt,
  verifyReceipt,
} from '@qifeng/core';
import type { ChainFacts, Links, Outcome, RecordFacts, Titles } from './outcome.ts';

const suite = portableSuite;
const UNREACHED: Links = { file: null, publisher: null, log: null, provinces: null };

/**
 * The verdict on a file and its receipt. The receipt is judged alone first: it names the algorithm, and a false one
 * spares reading a large file. `digestOf` hashes the file; `receipt` is null for one too big to be read.
 */
export async function judge(
  receipt: Uint8Array | null,
  chain: Chain,
  digestOf: () => Promise<Uint8Array>,
): Promise<Outcome> {
  if (receipt === null)
    return refuted(
      refuse('proof-too-large', `a proof of more than ${MAX_PROOF_BYTES} bytes`).fault,
      chain,
      UNREACHED,
    );
  const alone = verifyReceipt(receipt, { chain, suite, digests: null });
  if (!alone.ok) return refuted(alone.fault, chain, linksOf(receipt, chain));
  const recorded = alone.value.leaf.entry.value.digest;
  if (recorded !== null && recorded.alg !== 'sha256') {
    const { fault } = refuse('unsupported-digest', `the record's digest is ${recorded.alg}`);
    return refuted(fault, chain, { ...UNREACHED, publisher: true, log: true, provinces: true });
  }
  const digests: Digest[] = recorded === null ? [] : [{ alg: 'sha256', hash: await digestOf() }];
  const verdict = verifyReceipt(receipt, { chain, suite, digests });
  if (!verdict.ok)
    return refuted(verdict.fault, chain, { file: false, publisher: true, log: true, provinces: true });
  return { kind: 'verified', record: recordFacts(verdict.value, chain), chain: chainFacts(chain) };
}

/** What the page shows of a chain. */
export function chainFacts({ genesis, hash, origin, validators }: Chain): ChainFacts {
  return { hash: toHex(hash), name: genesis.name, origin, validators: validators.length };
}

function refuted(fault: Fault, chain: Chain, links: Links): Outcome {
  return { kind: 'refuted', fault, links, chain: chainFacts(chain) };
}

/** Which links of a false receipt hold by themselves. It explains; the verdict is that of `verifyReceipt`. */
function linksOf(bytes: Uint8Array, chain: Chain): Links {
  const receipt = parseReceipt(bytes);
  if (!receipt.ok) return UNREACHED;
  const { faults } = inspectReceipt(receipt.value, { chain, suite });
  if (faults === null) return UNREACHED;
  const holds = (...steps: readonly (keyof StepFaults)[]) => steps.every(step => faults[step] === null);
  return {
    file: null,
    publisher: holds('record', 'entry', 'submission'),
    log: holds('log'),
    provinces: holds('checkpoint', 'signatures'),
  };
}

function recordFacts(verified: VerifiedReceipt, chain: Chain): RecordFacts {
  const { leaf, cosigners, validators, index, recordedAt, existedNoLaterThan } = verified;
  const { subject, digest, profile, meta } = leaf.entry.value;
  const title = (verified.disclosed?.meta ?? meta).get('title');
  return {
    recordedAt,
    existedNoLaterThan,
    index,
    of: validators,
    height: leaf.height,
    publisher: {
      id: leaf.publisher,
      name: chain.genesis.publishers.find(({ id }) => id === leaf.publisher)?.name ?? null,
    },
    subject: `${profile}/${subject.issuer}/${subject.id.replace(/[%/]/g, encodeURIComponent)}`,
    title: typeof title === 'string' ? title : null,
    ...deedOf(leaf, chain),
    cosigners: cosigners.map(({ code }) => ({ code, title: memberTitles(code, chain) })),
    digest: digest === null ? null : `${digest.alg}:${toHex(digest.hash)}`,
  };
}

/** Profile and action by their titles where the genesis holds the profile, else by their names. */
function deedOf({ entry }: Leaf, chain: Chain): { profile: Titles; action: Titles } {
  const { profile, action } = entry.value;
  const known = chain.genesis.profiles.find(({ name }) => name === profile);
  const deed = known?.actions.find(({ name }) => name === action);
  return { profile: known?.title ?? same(profile), action: deed?.title ?? same(action) };
}

function memberTitles(code: string, { genesis }: Chain): Titles {
  const member = genesis.members.find(({ code: known }) => known === code);
  return member === undefined ? same(code) : { zh: member.nameZh, en: member.nameEn };
}

function same(name: string): Titles {
  return { zh: name, en: name };
}
