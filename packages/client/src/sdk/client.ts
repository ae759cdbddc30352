import {
  type Digest,
  documentView,
  MAX_PAGE,
  networkView,
  type RecordView,
  type Subject,
  toHex,
} from '@qifeng/core';
import {
  type DocumentAnswer,
  type DocumentRecord,
  type Page,
  problemIn,
  recordedIn,
  recordsIn,
  refusalOf,
  type SubjectAnswer,
  type SubmissionAnswer,
  subjectIn,
  submissionIn,
  type Viewed,
  valueIn,
} from './answers.ts';
import { NodeError } from './node-error.ts';
import { type Answer, askNode } from './transport.ts';

/** How the nodes are asked. */
export interface NodeClientOptions {
  /** Addresses in order of preference; at least one. */
  readonly nodes: readonly string[];
  /** Milliseconds that one node is given for one answer; 20 s by default, above the 10 s a node waits for finality. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What became of a `POST`: an outcome, or taken in and not final. */
export type SubmitAnswer = Exclude<SubmissionAnswer, { readonly type: 'unknown' }>;

/** Statuses of a refusal by the ledger; others of 4xx say that this is no such node, or that it is busy. */
const REFUSALS = new Set([400, 401, 402, 403, 409, 410, 412, 413, 422, 451]);
/** Records read of one list at most, so that a node cannot keep a reader for ever. */
const MAX_RECORDS = 100_000;

/**
 * The nodes' HTTP interface. Each question goes to the node that answered last, and on to the next on a network error,
 * a timeout, 429, 5xx or an answer that makes no sense; each node is asked once. Failures are `NodeError`s. What it returns
 * is the nodes' word: receipts prove, answers do not.
 */
export class NodeClient {
  readonly #nodes: readonly string[];
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;
  #preferred = 0;

  constructor({ nodes, timeoutMs = 20_000, signal }: NodeClientOptions) {
    this.#nodes = nodes;
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
  }

  /** The node that answered last. */
  get node(): string {
    return this.#nodes[this.#preferred] ?? '';
  }

  /** Sends a signed submission and waits, as long as a node does, until it is final. `not-final` while it is queued. */
  async submit(bytes: Uint8Array): Promise<SubmitAnswer> {
    const answer = await this.#ask('/v1/submissions?wait=final', bytes);
    if (answer.status === 202) return { type: 'pending' };
    return answer.status >= 400 ? refusalOf(problemIn(answer)!) : recordedIn(answer);
  }

  /** What became of a submission, by its id. */
  async submission(id: Uint8Array): Promise<SubmissionAnswer> {
    const answer = await this.#ask(`/v1/submissions/${toHex(id)}`);
    if (answer.status === 404) return { type: 'unknown' };
    return submissionIn(this.#accept(answer));
  }

  /** The receipt of a record, unverified. */
  async receipt(index: number): Promise<string> {
    return (await this.#found(`/v1/records/${index}/receipt`)).text;
  }

  /** The records of a file, as the node lists them; null for a digest that was never recorded. */
  async documents({ alg, hash }: Digest): Promise<DocumentAnswer | null> {
    let asOf: DocumentAnswer['asOf'] | null = null;
    const records = await this.#list<DocumentRecord>(`/v1/documents/${alg}:${toHex(hash)}`, answer => {
      const page = valueIn(documentView, answer);
      asOf ??= page.asOf;
      return page;
    });
    return asOf === null ? null : { records, asOf };
  }

  /** Where a subject stands; null for one without a record. */
  async subject(profile: string, subject: Subject): Promise<SubjectAnswer | null> {
    const answer = await this.#ask(subjectPath(profile, subject));
    return answer.status === 404 ? null : subjectIn(this.#accept(answer));
  }

  /** The records of a subject, ascending, as the node lists them. */
  history(profile: string, subject: Subject): Promise<readonly RecordView[]> {
    return this.#list(`${subjectPath(profile, subject)}/history`, recordsIn);
  }

  /** The consortium as a C2SP policy file, in this node's words. */
  async policy(): Promise<string> {
    return (await this.#found('/policy')).text;
  }

  /** Where the node stands in its network. */
  async network(): Promise<Viewed<typeof networkView>> {
    return valueIn(networkView, await this.#found('/v1/network'));
  }

  async #list<T>(path: string, read: (answer: Answer) => Page<T>): Promise<readonly T[]> {
    const all: T[] = [];
    for (let from = 0; all.length < MAX_RECORDS; ) {
      const answer = await this.#ask(`${path}?from=${from}&limit=${MAX_PAGE}`);
      if (answer.status === 404) break;
      const { records, next } = read(this.#accept(answer));
      all.push(...records);
      if (next === null || next <= from) break;
      from = next;
    }
    return all;
  }

  async #found(path: string): Promise<Answer> {
    const answer = await this.#ask(path);
    if (answer.status === 404) throw new NodeError('not-found', `${answer.node}${path}: not found`);
    return this.#accept(answer);
  }

  #accept(answer: Answer): Answer {
    if (answer.status < 400) return answer;
    const { code, detail, entry } = refusalOf(problemIn(answer)!);
    throw new NodeError('refused', `${answer.node}: ${detail}`, { reason: code, entry });
  }

  /** The first answer that makes sense: 2xx, 404 to a GET, or a refusal with its code. */
  async #ask(path: string, cbor?: Uint8Array): Promise<Answer> {
    let worst: NodeError | null = null;
    for (let i = 0; i < this.#nodes.length; i++) {
      const at = (this.#preferred + i) % this.#nodes.length;
      const question = { path, timeoutMs: this.#timeoutMs, signal: this.#signal, ...(cbor && { cbor }) };
      try {
        const answer = await askNode(this.#nodes[at]!, question);
        const fault = faultOf(answer, cbor !== undefined);
        if (fault === null) {
          this.#preferred = at;
          return answer;
        }
        // It is queued there: another node would only queue it once more.
        if (fault.code === 'not-final') this.#preferred = at;
        throw fault;
      } catch (error) {
        if (!(error instanceof NodeError) || error.code === 'not-final') throw error;
        worst = graver(worst, error);
      }
    }
    throw worst ?? new NodeError('unreachable', 'no node is known');
  }
}

/** The path of a subject below `/v1`. */
function subjectPath(profile: string, { issuer, id }: Subject): string {
  return `/v1/subjects/${[profile, issuer, id].map(encodeURIComponent).join('/')}`;
}

function faultOf(answer: Answer, isPost: boolean): NodeError | null {
  const { status, node, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return null;
  if (status === 404 && !isPost) return null;
  const problem = problemIn(answer);
  if (REFUSALS.has(status) && problem !== null) return null;
  const reason = problem?.code ?? null;
  const detail = `${node}: HTTP ${status}${problem === null ? '' : `, ${problem.detail}`}`;
  const parts = { reason, retryAfterMs };
  if (status === 503 && reason === 'not-final') return new NodeError('not-final', detail, parts);
  if (status === 429 || status === 503) return new NodeError('busy', detail, parts);
  return new NodeError(status >= 500 ? 'unreachable' : 'bad-answer', detail, parts);
}

/** Of two nodes' failures the one to tell: that one is alive and busy says more than that another is away. */
function graver(a: NodeError | null, b: NodeError): NodeError {
  if (a === null) return b;
  const rank = ({ code }: NodeError) => ['busy', 'bad-answer', 'timeout'].indexOf(code) + 1 || 9;
  return rank(b) < rank(a) ? b : a;
}
