import {
  ACCUSE_MEMBER,
  type Accusation,
  type Chain,
  type Checkpoint,
  decode,
  encode,
  equalBytes,
  GOVERNANCE,
  type Leaf,
  readAccusation,
  type SignedHeader,
  type Submission,
  type SubmissionHeader,
  type Suite,
  signedBytes,
  stateName,
  submissionHeaderCodec,
  submissionValueCodec,
  toHex,
} from '@qifeng/core';
import { type BlockResult, executeBlock, genesisState, PlainState } from '@qifeng/core/execution';
import { AuditFault, Findings, served } from './fault.ts';
import type { Executed } from './submissions.ts';

/** The form of every refusal's code. */
const CODE = /^[a-z][a-z-]{0,63}$/;

/** The records of one submission as they stand in a log. */
export interface RecordedGroup {
  /** Log index of the first. */
  readonly first: number;
  readonly leaves: readonly Leaf[];
  /** The canonical bytes of each. */
  readonly records: readonly Uint8Array[];
}

/** An accusation on record that was executed again, both signatures with it. */
export interface RecordedAccusation {
  readonly record: number;
  readonly accusation: Accusation;
}

/** A block whose state root is to be compared. */
export interface ToldBlock extends Pick<Checkpoint, 'height' | 'stateRoot'> {
  /** Ms. */
  readonly time: number;
}

/** What is known of a block before it is executed. */
interface OpenBlock {
  readonly height: number;
  readonly recorded: { readonly group: RecordedGroup; readonly submission: Submission }[];
  readonly refused: Executed[];
  /** Ids of those recorded, in hex. */
  readonly ids: Set<string>;
}

/**
 * Executes a node's log again, from the genesis on, in memory. The log gives what was recorded, the node's list of submissions
 * what each publisher signed, and the refused ones that the state remembers; the state roots show whether these are all. It is
 * told of the log and of blocks in order, and of a block before the submissions above it.
 *
 * Faults, thrown: `submission-mismatch`, of a list that leads no further; noted among the findings, the first of them:
 * `execution-mismatch`, `state-root-mismatch`, `submission-mismatch`. After that, and after `stop`, it only gives signed headers.
 */
export class StateReplay {
  readonly accusations: RecordedAccusation[] = [];
  readonly findings = new Findings();
  readonly #submissions: AsyncGenerator<Executed, void>;
  readonly #chain: Chain;
  readonly #suite: Suite;
  readonly #state: PlainState;
  readonly #told: ToldBlock[] = [];
  #open: OpenBlock = { height: 0, recorded: [], refused: [], ids: new Set() };
  #stopped = false;

  constructor(submissions: AsyncGenerator<Executed, void>, chain: Chain, suite: Suite) {
    this.#submissions = submissions;
    this.#chain = chain;
    this.#suite = suite;
    this.#state = new PlainState(suite.hasher);
    this.#state.apply(genesisState(chain));
  }

  /** Compares no more: something else is wrong already. */
  stop(): void {
    this.#stopped = true;
    this.#told.length = 0;
  }

  /** Remembers a block to be compared once all up to it is executed. */
  told(block: ToldBlock): void {
    if (!this.#stopped) this.#told.push(block);
  }

  /** What was signed of the next records of the log; all below their block is executed. */
  async take(group: RecordedGroup): Promise<SignedHeader> {
    const { height, submission } = group.leaves[0]!;
    const where = `the submission of record ${group.first}`;
    for (;;) {
      const item = await this.#next();
      if (item === null || item.height > height)
        throw new AuditFault('submission-mismatch', `${where} is not listed in block ${height}`);
      if (item.recorded === null || this.#isRepeat(item)) continue;
      const { header: bytes, signature } = item.recorded;
      const header = decode(submissionHeaderCodec, bytes);
      if (item.height !== height || !equalBytes(item.id, submission) || !header.ok)
        throw new AuditFault('submission-mismatch', `${toHex(item.id)} is listed where ${where} stands`);
      const made = madeOf(group, header.value, bytes, signature);
      this.#open.recorded.push({ group, submission: made });
      this.#open.ids.add(toHex(item.id));
      return item.recorded;
    }
  }

  /** Executes what is left and compares the last block with its certified checkpoint. */
  async finish(head: Checkpoint): Promise<void> {
    for (let item = await this.#next(); item !== null; item = await this.#next())
      if (item.recorded !== null && !this.#isRepeat(item))
        throw new AuditFault('submission-mismatch', `${toHex(item.id)} is listed, and has no record`);
    this.#reach(head.height + 1);
    this.#compare(head);
  }

  /** The next submission of the list, its block begun; one that was refused is part of that block. */
  async #next(): Promise<Executed | null> {
    const { value: item } = await this.#submissions.next();
    if (!item) return null;
    this.#reach(item.height);
    const id =
      item.recorded === null ? item.id : this.#suite.hasher.digest(signedBytes(item.recorded.header));
    if (!equalBytes(id, item.id) || (item.recorded === null) === (item.refused === null))
      throw new AuditFault(
        'submission-mismatch',
        `${toHex(item.id)} in block ${item.height} is not what it says`,
      );
    if (item.refused !== null) this.#open.refused.push(item);
    return item;
  }

  /** One that stands in its block a second time, which execution passes over. */
  #isRepeat({ id }: Executed): boolean {
    return this.#open.ids.has(toHex(id));
  }

  /** Executes what was begun below a height and compares the blocks there. */
  #reach(height: number): void {
    if (this.#open.height < height) {
      const below = this.#open;
      this.#open = { height, recorded: [], refused: [], ids: new Set() };
      if (!this.#stopped) this.#execute(below);
    }
    const above = this.#told.findIndex(block => block.height >= height);
    for (const block of this.#told.splice(0, above < 0 ? this.#told.length : above)) {
      for (const id of this.#state.expired(block.time)) this.#state.set(stateName('submission', id), null);
      this.#compare(block);
    }
  }

  #execute({ height, recorded, refused }: OpenBlock): void {
    if (recorded.length > 0) this.#record(height, recorded);
    for (const { id, refused: why } of refused) {
      const value = { ...why!, height, first: null, count: 0, detail: null };
      if (!CODE.test(value.code))
        this.#failed(
          new AuditFault('submission-mismatch', `${toHex(id)} in block ${height}: refused for ${value.code}`),
        );
      else this.#state.set(stateName('submission', id), encode(submissionValueCodec, value));
    }
  }

  #record(height: number, recorded: OpenBlock['recorded']): void {
    const { first, leaves } = recorded[0]!.group;
    const header = { height, timestamp: leaves[0]!.time };
    const submissions = recorded.map(({ submission }) => submission);
    const rules = { chain: this.#chain, ...this.#suite };
    const done = executeBlock({ header, firstIndex: first, submissions }, this.#state, rules);
    const wrong = differenceOf(recorded, done);
    if (wrong !== null) {
      this.#failed(new AuditFault('execution-mismatch', `block ${height}: ${wrong}`));
      return;
    }
    this.#state.apply(done.changes);
    for (const { group } of recorded) this.#accused(group);
  }

  #accused({ first, leaves }: RecordedGroup): void {
    for (const [i, { entry }] of leaves.entries())
      if (entry.value.profile === GOVERNANCE && entry.value.action === ACCUSE_MEMBER)
        this.accusations.push({ record: first + i, accusation: served(readAccusation(entry.value)) });
  }

  #compare({ height, stateRoot }: Pick<Checkpoint, 'height' | 'stateRoot'>): void {
    const root = this.#state.root();
    if (this.#stopped || equalBytes(root, stateRoot)) return;
    const detail = `after block ${height} the state has root ${toHex(root)}, its checkpoint says ${toHex(stateRoot)}`;
    this.#failed(new AuditFault('state-root-mismatch', detail));
  }

  #failed({ code, message }: AuditFault): void {
    this.stop();
    this.findings.add({ code, detail: message });
  }
}

/** How the result of executing a block differs from its records, or null. */
function differenceOf(recorded: OpenBlock['recorded'], done: BlockResult): string | null {
  const refused = [...done.outcomes, ...done.dropped].find(({ refusal }) => refusal !== null);
  if (refused !== undefined) {
    const { code, detail } = refused.refusal!;
    return `submission ${toHex(refused.id)} is on record, and executing it refuses it: ${code}, ${detail}`;
  }
  const records = recorded.flatMap(({ group }) => group.records);
  const at = records.findIndex((record, i) => !equalBytes(record, done.leaves[i] ?? new Uint8Array(0)));
  return at < 0 ? null : `record ${recorded[0]!.group.first + at} is another when it is executed`;
}

function madeOf(
  { leaves }: RecordedGroup,
  header: SubmissionHeader,
  headerBytes: Uint8Array,
  signature: Uint8Array,
): Submission {
  return {
    id: leaves[0]!.submission,
    header,
    headerBytes,
    signature,
    entries: leaves.map(({ entry }) => entry.value),
    entryBytes: leaves.map(({ entry }) => entry.bytes),
  };
}
