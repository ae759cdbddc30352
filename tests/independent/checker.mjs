// A second verifier of receipts, written from the specifications (RFC 8949, RFC 6962, C2SP, docs/FORMATS.md) and
// sharing no code with the packages: where both agree, an error would have to have been made twice.

import { createHash, getHashes } from 'node:crypto';
import { cborParts, decodeCbor, encodeFlat, join, must, Refusal } from './cbor.mjs';
import { isPrimeOrderKey, verifyEd25519 } from './ed25519.mjs';
import { checkAll, checkOneLog } from './histories.mjs';
import { isOpening, openRecord } from './openings.mjs';
import { checkCosignatures, isBy, setAfter, validatorSet } from './sets.mjs';
import { hex, readCheckpoint, readNote, readPolicy, readProof, sha256, vkeyText } from './text.mjs';
import { checkConsistency, checkState, leafHash, rootOfPath } from './trees.mjs';

export { checkConsistency, checkMapKey, checkState } from './trees.mjs';

/**
 * Recomputes everything that a receipt claims, from the bytes of the receipt, the genesis file, the document and, unless it
 * is left out, the policy of the receipt's epoch. `steps` are the facts established, in order; the first that fails ends the work and is the one problem.
 */
export function check({ receipt, genesis, policy, file }) {
  const steps = [];
  const say = sentence => steps.push(sentence);
  try {
    const chain = readChain(genesis);
    say(`genesis ${hex(chain.hash)}, origin ${chain.origin}`);
    checkReceipt(receipt, chain, { policy, file }, say);
    return { steps, problems: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { steps, problems: [error.message] };
  }
}

/** Everything about a receipt on a chain; the file is left out where nobody has it. */
function checkReceipt(receipt, chain, { policy, file }, say) {
  const proof = readProof(receipt);
  const extra = readExtra(proof.extra);
  const set = setAfter(extra.get('handovers'), chain.first, chain.origin, say);
  if (policy !== undefined) {
    checkPolicy(readPolicy(policy), set);
    say(
      `the policy names the ${set.validators.length} validators of epoch ${set.epoch}, quorum ${set.quorum}`,
    );
  }
  const header = readHeader(extra.get('header'));
  const leaf = readLeaf(extra.get('leaf'));
  const opened = openRecord(leaf.entry, extra.get('opening'), proof.index, say);
  if (file !== undefined) checkFile(opened === null ? leaf.digest : opened.digest, file, say);
  checkPublisher(header, leaf, extra, chain, say);
  const checkpoint = readCheckpoint(proof.note.text);
  checkHead(checkpoint, chain, set);
  checkLog(checkpoint, leaf, extra, proof, say);
  checkSignatures(proof.note, set, say);
  return { index: proof.index, leaf, checkpoint: { ...checkpoint, text: proof.note.text } };
}

/**
 * What a status proof shows about `name`, kind and name parts as they are asked about: `value` is the state's value in its
 * decoded form, null for nothing. Whether it is recent is not looked at: `steps` say when each cosigned.
 */
export function checkStatus({ proof, genesis, name }) {
  const steps = [];
  const say = sentence => steps.push(sentence);
  try {
    const { value } = proveStatus(proof, name, readChain(genesis), say);
    return { steps, problems: [], value };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { steps, problems: [error.message], value: null };
  }
}

/** Whether the records of `receipts` are all there are of what a status proof is about, and of one log with it. */
export function checkComplete({ proof, receipts, genesis, name }) {
  const steps = [];
  const say = sentence => steps.push(sentence);
  try {
    const chain = readChain(genesis);
    const { value, checkpoint } = proveStatus(proof, name, chain, say);
    const records = receipts.map(receipt => checkReceipt(receipt, chain, {}, say));
    checkOneLog([checkpoint, ...records.map(record => record.checkpoint)]);
    for (const { index } of records)
      must(index < checkpoint.size, `record ${index} came after the proof, which is of ${checkpoint.size}`);
    say(`complete: ${checkAll(name, value, records)} records`);
    return { steps, problems: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { steps, problems: [error.message] };
  }
}

/** Whether the logs of the receipts' checkpoints are one that grew, by a file of consistency proofs. */
export function checkGrowth({ proofs, receipts, genesis }) {
  const steps = [];
  const say = sentence => steps.push(sentence);
  try {
    const chain = readChain(genesis);
    const heads = receipts.map(receipt => checkReceipt(receipt, chain, {}, say).checkpoint);
    checkOneLog(heads);
    checkSteps(heads, proofs, chain, say);
    return { steps, problems: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { steps, problems: [error.message] };
  }
}

function checkSteps(heads, proofs, chain, say) {
  const { genesis, steps } = fields('the consistency proofs', decodeCbor(proofs), {
    v: value => value === 1,
    genesis: isBytes(32),
    steps: Array.isArray,
  });
  must(hex(genesis) === hex(chain.hash), 'consistency proofs of another chain');
  const grown = heads.filter(({ size }) => size > 0).sort((a, b) => a.size - b.size);
  for (const [i, high] of grown.entries()) {
    const low = grown[i - 1];
    if (low === undefined || low.size === high.size) continue;
    const step = steps.find(([from, to]) => from === low.size && to === high.size);
    must(Array.isArray(step) && step.length === 3, `no proof from ${low.size} to ${high.size}`);
    const { problems } = checkConsistency({
      first: low.size,
      firstRoot: low.root,
      size: high.size,
      root: high.root,
      path: step[2],
    });
    must(problems.length === 0, problems[0]);
    say(`the log of ${high.size} begins with that of ${low.size}`);
  }
}

/** The value that a status proof shows under a name, and the checkpoint it is as of. */
function proveStatus(proof, name, chain, say) {
  const parts = readStatus(proof, name);
  const set = setAfter(parts.get('handovers'), chain.first, chain.origin, say);
  const note = readNote(parts.get('checkpoint'));
  const checkpoint = readCheckpoint(note.text);
  checkHead(checkpoint, chain, set);
  checkSignatures(note, set, say);
  const bytes = parts.get('value');
  const { problems } = checkState({
    root: checkpoint.stateRoot,
    name,
    value: bytes,
    proof: [parts.get('other'), parts.get('bitmap'), parts.get('siblings')],
  });
  must(problems.length === 0, problems[0]);
  const value = bytes === null ? null : decodeCbor(bytes);
  say(`the state of block ${checkpoint.height} holds ${value === null ? 'nothing' : 'this'} under the name`);
  checkLast(name, value, parts, chain, say);
  return { value, checkpoint: { ...checkpoint, text: note.text } };
}

function readStatus(bytes, name) {
  const parts = decodeCbor(bytes);
  must(parts instanceof Map, 'a status proof is a map');
  const keys = 'kind name other value bitmap receipt siblings handovers checkpoint';
  must([...parts.keys()].join(' ') === keys, 'a status proof with other keys');
  must(isText(parts.get('kind')) && Array.isArray(parts.get('name')), 'a bad name');
  const found = [parts.get('kind'), ...parts.get('name')];
  must(
    found.every(part => isText(part) || isCount(part) || part instanceof Uint8Array),
    'a bad part of a name',
  );
  must(hex(encodeFlat(found)) === hex(encodeFlat(name)), 'the proof is about another name');
  for (const key of ['value', 'receipt'])
    must(parts.get(key) === null || parts.get(key) instanceof Uint8Array, `a bad ${key}`);
  must(parts.get('checkpoint') instanceof Uint8Array, 'a bad checkpoint');
  return parts;
}

/** That the receipt is of the last record that the value names, at the same checkpoint. */
function checkLast([kind, ...name], value, parts, chain, say) {
  const last = value === null ? null : LAST[kind](value, name);
  const receipt = parts.get('receipt');
  must((last === null) === (receipt === null), 'a receipt exactly if there is a last record');
  if (last === null) return;
  const note = receipt.subarray(Buffer.from(receipt).indexOf('\n\n') + 2);
  must(hex(note) === hex(parts.get('checkpoint')), 'the receipt is against another checkpoint');
  const { index, leaf } = checkReceipt(receipt, chain, {}, say);
  must(index === last.index, `the receipt is of record ${index}, the last one is ${last.index}`);
  must(last.fits(leaf), 'the last record contradicts the state');
  say(`record ${index} is the last one`);
}

const sameDigest = (a, b) => a !== null && b !== null && a[0] === b[0] && hex(a[1]) === hex(b[1]);

/** The last record by a value of each kind: its index, and whether a leaf can be it. */
const LAST = {
  // The last record may have no file, or one that only accompanied its action: the digest of the value is not asked for.
  subject: (value, [profile, issuer, id]) => {
    must(Array.isArray(value) && value.length === 9 && value[0] === profile, 'a bad value of a subject');
    const [, , index, version] = value;
    const fits = ({ entry, ...leaf }) =>
      entry[0] === profile && entry[2][0] === issuer && entry[2][1] === id && leaf.version === version;
    return { index, fits };
  },
  digest: (value, digest) => {
    must(Array.isArray(value) && value.length === 3 && value.every(isCount), 'a bad value of a digest');
    const [first, index, count] = value;
    must(count > 0 && index - first >= count - 1 && (count > 1 || first === index), 'a count that cannot be');
    return { index, fits: leaf => sameDigest(leaf.digest, digest) };
  },
  publisher: (value, [id]) => {
    must(Array.isArray(value) && value.length === 11, 'a bad value of a publisher');
    const [seq, index] = value.slice(8);
    must((seq === 0) === (index === null), 'records without a last one');
    return index === null ? null : { index, fits: leaf => leaf.publisher === id && leaf.seq === seq };
  },
};

/**
 * What handovers, `[checkpoint, epoch value, proof]` each, lead to from the genesis: `{problems, set}` with the epoch, its
 * first block and the codes of its validators.
 */
export function checkHandovers({ genesis, handovers }) {
  try {
    const chain = readChain(genesis);
    const { epoch, start, validators } = setAfter(handovers, chain.first, chain.origin, () => {});
    return { problems: [], set: { epoch, start, codes: validators.map(({ code }) => code) } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { problems: [error.message], set: null };
  }
}

const isCount = value => Number.isSafeInteger(value) && value >= 0;
const isPositive = value => isCount(value) && value > 0;
const isCountOrNull = value => value === null || isCount(value);
const isText = value => typeof value === 'string';
const isBytes = length => value => value instanceof Uint8Array && value.length === length;

/** The values of an array as named fields, each of which passes its own test. */
function fields(what, values, shape) {
  const names = Object.keys(shape);
  must(Array.isArray(values) && values.length === names.length, `${what} has ${names.length} fields`);
  const found = {};
  for (const [i, name] of names.entries()) {
    must(shape[name](values[i]), `${what}: a bad ${name}`);
    found[name] = values[i];
  }
  return found;
}

function readChain(bytes) {
  const genesis = fields('the genesis', decodeCbor(bytes), {
    v: value => value === 1,
    name: isText,
    prefix: isText,
    suite: value => value === 'ed25519-sha256',
    created: isCount,
    members: Array.isArray,
    publishers: Array.isArray,
    profiles: Array.isArray,
    parameters: Array.isArray,
  });
  const hash = sha256(bytes);
  const origin = `${genesis.prefix}/${hex(hash).slice(0, 32)}`;
  const validators = [];
  for (const member of genesis.members) {
    must(Array.isArray(member) && member.length === 8, 'a member has 8 fields');
    const [code, , , key, logKey, , , isValidator] = member;
    must(isText(code) && typeof isValidator === 'boolean', 'a bad member');
    if (!isValidator) continue;
    for (const each of [key, logKey])
      must(isBytes(32)(each) && isPrimeOrderKey(each), `a bad key of ${code}`);
    validators.push([code, key, logKey]);
  }
  return { hash, origin, first: validatorSet(origin, 0, 1, validators) };
}

function checkPolicy(policy, { validators, quorum }) {
  const same = (found, wanted) => JSON.stringify([...found].sort()) === JSON.stringify([...wanted].sort());
  const logs = validators.map(({ log }) => vkeyText(log));
  must(same(policy.logs, logs), "the policy's logs are not those of the epoch");
  const witnesses = validators.map(({ cosigner }) => vkeyText(cosigner));
  must(same(policy.witnesses.values(), witnesses), "the policy's witnesses are not those of the epoch");
  must(same(policy.group.of, policy.witnesses.keys()), 'the group is not of all witnesses, each once');
  must(policy.group.threshold === quorum, `the quorum is ${policy.group.threshold}, not ${quorum}`);
}

function readExtra(bytes) {
  const extra = decodeCbor(bytes);
  must(extra instanceof Map, 'the extra data are no map');
  const names = ['leaf', 'path', 'header', 'opening', 'handovers', 'signature'];
  must([...extra.keys()].join() === names.join(), 'the extra data have other keys');
  for (const name of ['leaf', 'header']) must(extra.get(name) instanceof Uint8Array, `a bad ${name}`);
  must(isBytes(64)(extra.get('signature')), "the publisher's signature has not 64 bytes");
  must(Array.isArray(extra.get('path')) && extra.get('path').every(isBytes(32)), 'a bad path to the root');
  must(extra.get('opening') === null || isOpening(extra.get('opening')), 'a bad opening');
  return extra;
}

function readHeader(bytes) {
  return fields('the header', decodeCbor(bytes), {
    v: value => value === 1,
    genesis: isBytes(32),
    publisher: isText,
    key: isBytes(32),
    nonce: isBytes(16),
    issuedAt: isCount,
    expires: isCount,
    count: value => isPositive(value) && value <= 1024,
    root: isBytes(32),
  });
}

function readLeaf(bytes) {
  const leaf = fields('the leaf', decodeCbor(bytes), {
    v: value => value === 1,
    height: isPositive,
    time: isCount,
    submission: isBytes(32),
    i: isCount,
    publisher: isText,
    seq: isPositive,
    publisherPrev: isCountOrNull,
    version: isPositive,
    subjectPrev: isCountOrNull,
    entry: Array.isArray,
  });
  const { digest } = fields('the entry', leaf.entry, {
    profile: isText,
    action: isText,
    subject: Array.isArray,
    digest: value => value === null || Array.isArray(value),
    prev: isCountOrNull,
    links: Array.isArray,
    meta: value => value instanceof Map,
    origin: value => value === null || Array.isArray(value),
  });
  const entryBytes = cborParts(bytes).at(-1);
  must(entryBytes.length <= 16_384, 'an entry of more than 16 KiB');
  return { ...leaf, digest, entryBytes };
}

function checkFile(digest, file, say) {
  must(digest !== null, 'no digest of the file is recorded, or it stays sealed');
  const { alg, hash } = fields('the digest', digest, { alg: isText, hash: isBytes(32) });
  must(alg === 'sha256' || alg === 'sm3', `an unknown digest ${alg}`);
  must(getHashes().includes(alg), `this Node cannot compute ${alg}`);
  const found = createHash(alg).update(file).digest('hex');
  must(found === hex(hash), `the file's ${alg} is ${found}, the record's ${hex(hash)}`);
  say(`the file has the recorded ${alg} ${found}`);
}

function checkPublisher(header, leaf, extra, chain, say) {
  must(hex(header.genesis) === hex(chain.hash), 'signed for another chain');
  must(leaf.publisher === header.publisher, 'leaf and header name different publishers');
  const signed = join(new TextEncoder().encode('qifeng/submission/v1'), [0], extra.get('header'));
  must(
    verifyEd25519(header.key, signed, extra.get('signature')),
    "the publisher's signature does not verify",
  );
  say(`publisher ${header.publisher} signed with key ${hex(header.key)}`);
  const id = sha256(signed);
  must(hex(leaf.submission) === hex(id), 'the leaf names another submission');
  const root = rootOfPath(leafHash(leaf.entryBytes), leaf.i, header.count, extra.get('path'));
  must(hex(root) === hex(header.root), 'the entry is not under the signed root');
  say(`entry ${leaf.i} of ${header.count} is under the root of submission ${hex(id)}`);
}

function checkHead(checkpoint, chain, set) {
  must(checkpoint.origin === chain.origin, 'a checkpoint of another log');
  must(checkpoint.epoch === set.epoch, `a checkpoint of epoch ${checkpoint.epoch}, not ${set.epoch}`);
  must(checkpoint.height >= set.start, 'a checkpoint of a block before its epoch');
}

function checkLog(checkpoint, leaf, extra, proof, say) {
  must(leaf.height <= checkpoint.height, 'the record is of a later block than the checkpoint');
  const root = rootOfPath(leafHash(extra.get('leaf')), proof.index, checkpoint.size, proof.path);
  must(hex(root) === hex(checkpoint.root), 'the leaf is not under the root of the checkpoint');
  say(`leaf ${proof.index} of ${checkpoint.size} is under the log root ${hex(root)}`);
}

function checkSignatures({ text, lines }, set, say) {
  const [first, ...rest] = lines;
  const by = set.validators.find(({ log }) => isBy(first, log));
  must(by !== undefined, 'the first line is not by a log key of the epoch');
  must(verifyEd25519(by.log.key, Buffer.from(text), first.signature), 'the log line does not verify');
  say(`the log line is by ${by.code}`);
  checkCosignatures(text, rest, set, say);
}
