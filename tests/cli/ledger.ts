import {
  type Asked,
  appendLeaves,
  blockHash,
  type Chain,
  type Checkpoint,
  carries,
  decode,
  decodeSubmission,
  emptyFrontier,
  encode,
  entryCodec,
  equalBytes,
  formatCheckpoint,
  formatNote,
  formatReceipt,
  frontierRoot,
  type Header,
  isOfSubject,
  type Leaf,
  leafCodec,
  leafHashesOf,
  logHash,
  pathOf,
  quorum,
  type StandingView,
  type Submission,
  toHex,
  verifySubmission,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { cosignatureLine, logLine, unwrap } from '../fixtures/builder.ts';
import { entriesOf, type LedgerState, stateHolding } from '../fixtures/ledger-state.ts';

const tree = logHash(nativeSuite.hasher);

/** What came of a submission on this ledger. */
export type LedgerOutcome =
  | { readonly first: number; readonly count: number; readonly height: number }
  | { readonly code: string; readonly detail: string; readonly entry: number | null };

/** A ledger of one block a submission, with the rules that clients meet: real signatures, replay, `prev`, receipts. */
export class Ledger {
  readonly chain: Chain;
  readonly leaves: { readonly bytes: Uint8Array; readonly leaf: Leaf; readonly submission: Submission }[] =
    [];
  readonly outcomes = new Map<string, LedgerOutcome>();
  /** Receipts are signed for this origin's checkpoint, but of a root that is not the log's. */
  lies = false;
  /** The time of the next block, in ms. */
  clock = Date.now;
  /** Headers of the blocks, lowest first. */
  readonly headers: Header[] = [];
  /** Positions of the validators that cosign; the first q unless others are named. */
  cosigners: readonly number[];
  /** Changes a leaf before it is recorded: everybody who cosigns takes part. */
  forge: (leaf: Leaf) => Leaf = leaf => leaf;
  readonly #checkpoints = new Map<string, ReturnType<Ledger['checkpoint']>>();

  constructor(chain: Chain) {
    this.chain = chain;
    this.cosigners = [...Array(quorum(chain.validators.length)).keys()];
  }

  get height(): number {
    return this.headers.length;
  }

  /** Executes a submission, or answers its first outcome again. */
  take(bytes: Uint8Array): { readonly id: string; readonly outcome: LedgerOutcome } {
    const submission = unwrap(decodeSubmission(bytes, nativeSuite.hasher));
    const id = toHex(submission.id);
    const known = this.outcomes.get(id);
    if (known !== undefined) return { id, outcome: known };
    const outcome = this.#refusal(submission) ?? this.#record(submission);
    this.outcomes.set(id, outcome);
    return { id, outcome };
  }

  /** Log indexes of the records for which a test holds. */
  where(test: (leaf: Leaf) => boolean): number[] {
    return [...this.leaves.keys()].filter(index => test(this.leaves[index]!.leaf));
  }

  standing(profile: string, issuer: string, id: string): StandingView | null {
    const mine = this.#of(profile, issuer, id);
    const head = mine.at(-1);
    if (head === undefined) return null;
    const { entry } = this.leaves[head]!.leaf;
    return {
      profile,
      issuer,
      id,
      state: this.#stateAfter(this.leaves[head]!.leaf),
      head,
      version: mine.length,
      owner: issuer,
      digest: entry.value.digest,
      validFrom: null,
      validTo: null,
    };
  }

  /** The receipt of a record at the checkpoint of its own block, or of another. */
  receipt(index: number, height = this.leaves[index]!.leaf.height): string {
    const { leaf, bytes, submission } = this.leaves[index]!;
    const { hashes, note } = this.checkpoint(height);
    const receipt = formatReceipt({
      extra: {
        leaf: bytes,
        header: submission.headerBytes,
        signature: submission.signature,
        path: pathOf(tree, leafHashesOf(tree, submission.entryBytes), leaf.i),
        opening: null,
        handovers: null,
      },
      index,
      path: pathOf(tree, hashes, index),
      note,
    });
    return Buffer.from(receipt).toString();
  }

  /** The signed checkpoint of a height, and the leaf hashes below it; made once, as nodes do. */
  checkpoint(height: number): {
    readonly hashes: Uint8Array;
    readonly content: Checkpoint;
    readonly note: Uint8Array;
  } {
    const key = `${height} ${this.lies}`;
    const known = this.#checkpoints.get(key);
    if (known !== undefined) return known;
    const size = this.leaves.filter(({ leaf }) => leaf.height <= height).length;
    const leaves = this.leaves.slice(0, size).map(({ bytes }) => bytes);
    const hashes = leafHashesOf(tree, leaves);
    const content = {
      origin: this.chain.origin,
      size,
      root: frontierRoot(tree, appendLeaves(tree, emptyFrontier, this.lies ? hashes.toReversed() : hashes)),
      height,
      blockHash: this.#hashAt(height),
      stateRoot: this.stateRoot(height),
      epoch: 0,
    };
    const text = formatCheckpoint(content);
    const time = Math.floor((this.headers[height - 1]?.timestamp ?? 0) / 1000);
    const cosignatures = this.cosigners.map(position => cosignatureLine(this.chain, position, text, time));
    const note = formatNote({ text, signatures: [logLine(this.chain, 0, text), ...cosignatures] });
    const made = { hashes, content, note };
    this.#checkpoints.set(key, made);
    return made;
  }

  /** The state after a block, by the naive rules; a subject's state is named after its last action. */
  state(height: number): LedgerState {
    const leaves = this.leaves.map(({ leaf }) => leaf).filter(leaf => leaf.height <= height);
    return stateHolding(entriesOf(leaves, leaf => this.#stateAfter(leaf), this.chain.genesis.profiles));
  }

  /** The status proof about anything at a block's checkpoint, with the receipt of its last record at that checkpoint. */
  statusProof(asked: Asked, height: number): Uint8Array {
    const { note } = this.checkpoint(height);
    const last = this.leaves.findLastIndex(({ leaf }) => leaf.height <= height && isOf(asked, leaf));
    const receipt = last < 0 ? null : new Uint8Array(Buffer.from(this.receipt(last, height)));
    return this.state(height).prove(asked, note, receipt);
  }

  /** A block without records. */
  heartbeat(): void {
    this.block([]);
  }

  /** Where an action leads by its profile in the genesis; without one by its name. */
  #stateAfter({ entry: { value } }: Leaf): string {
    const known = this.chain.genesis.profiles.find(({ name }) => name === value.profile);
    const action = known?.actions.find(({ name }) => name === value.action);
    return action?.to ?? AFTER[value.action] ?? `after-${value.action}`;
  }

  protected stateRoot(height: number): Uint8Array {
    return this.state(height).root;
  }

  protected block(batches: readonly Uint8Array[]): Header {
    const header: Header = {
      v: 1,
      genesis: this.chain.hash,
      height: this.height + 1,
      parent: this.#hashAt(this.height),
      proposer: this.chain.validators[0]!.code,
      epoch: 0,
      timestamp: Math.max(this.clock(), (this.headers.at(-1)?.timestamp ?? 0) + 1),
      batches,
      barrier: false,
    };
    this.headers.push(header);
    return header;
  }

  #hashAt(height: number): Uint8Array {
    return height === 0 ? this.chain.hash : blockHash(this.headers[height - 1]!, nativeSuite.hasher);
  }

  #refusal(submission: Submission): LedgerOutcome | null {
    const { header, entries } = submission;
    const refused = (code: string, entry: number | null = null) => ({ code, detail: `${code} here`, entry });
    if (!verifySubmission(submission, nativeSuite.verifier).ok) return refused('bad-signature');
    if (!equalBytes(header.genesis, this.chain.hash)) return refused('wrong-chain');
    const publisher = this.chain.genesis.publishers.find(({ id }) => id === header.publisher);
    if (publisher === undefined) return refused('unknown-publisher');
    if (!publisher.keys.some(key => equalBytes(key, header.key))) return refused('wrong-key');
    if (header.issuedAt > this.clock() + 60_000) return refused('not-yet-valid');
    if (header.expires <= this.clock()) return refused('expired');
    for (const [i, { profile, subject, prev, meta }] of entries.entries()) {
      if (prev !== (this.#of(profile, subject.issuer, subject.id).at(-1) ?? null))
        return refused('wrong-prev', i);
      if (String(meta.get('title')).startsWith('secret')) return refused('secret-document', i);
      if (meta.get('title') === 'closed') return refused('action-not-allowed', i);
    }
    return null;
  }

  #record(submission: Submission): LedgerOutcome {
    const { header, entries, entryBytes, id } = submission;
    const first = this.leaves.length;
    const { height, timestamp } = this.block([id]);
    for (const [i, value] of entries.entries()) {
      const mine = this.#of(value.profile, value.subject.issuer, value.subject.id);
      const own = this.where(({ publisher }) => publisher === header.publisher);
      const leaf: Leaf = this.forge({
        v: 1,
        height,
        time: timestamp,
        submission: id,
        i,
        publisher: header.publisher,
        seq: own.length + 1,
        publisherPrev: own.at(-1) ?? null,
        version: mine.length + 1,
        subjectPrev: mine.at(-1) ?? null,
        entry: { value, bytes: entryBytes[i]! },
      });
      const bytes = encode(leafCodec, leaf);
      unwrap(decode(entryCodec, entryBytes[i]!));
      this.leaves.push({ bytes, leaf: unwrap(decode(leafCodec, bytes)), submission });
    }
    return { first, count: entries.length, height };
  }

  #of(profile: string, issuer: string, id: string): number[] {
    return this.where(({ entry: { value } }) => {
      return value.profile === profile && value.subject.issuer === issuer && value.subject.id === id;
    });
  }
}

const AFTER: Readonly<Record<string, string>> = {
  publish: 'in-force',
  repeal: 'repealed',
  issue: 'in-force',
  change: 'in-force',
  resume: 'in-force',
  suspend: 'suspended',
  revoke: 'revoked',
};

function isOf(asked: Asked, leaf: Leaf): boolean {
  if (asked.kind === 'subject') return isOfSubject(asked, leaf);
  return asked.kind === 'digest' ? carries(asked, leaf) : leaf.publisher === asked.id;
}
