import {
  type QueryValues,
  type RecordEvent,
  ROUTES,
  type Routes,
  readJson,
  recordEventView,
  requestPath,
  StreamReader,
} from '@qifeng/core';
import { problemIn } from './answers.ts';
import { faultOf } from './client.ts';
import { NodeError } from './node-error.ts';
import { sleep } from './sleep.ts';
import { type OpenAnswer, openNode } from './transport.ts';

/** Which records to follow; all of them unless something is given. */
export type EventQuery = Omit<QueryValues<Routes['events']>, 'after'>;

/** Where a reader of events is. */
export interface EventPlace {
  /** The log index after which it goes on; null before a node has said so. */
  after: number | null;
}

/** How events are followed. */
export interface Following {
  /** Addresses in order of preference; at least one. */
  readonly nodes: readonly string[];
  readonly query: EventQuery;
  /** Kept up to date; what is in it at first is where to begin, null with what comes next. */
  readonly place: EventPlace;
  readonly signal: AbortSignal;
  /** A node was reached. */
  readonly onNode?: (node: string) => void;
  /** A node was lost, or could not be reached, and why; the next one is asked after `ms`. */
  readonly onLost?: (fault: NodeError, ms: number) => void;
}

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 15_000;
const MAX_RETRY_AFTER_MS = 60_000;
const MAX_PROBLEM = 16 * 1024;

/**
 * Final records as they come, each once and in the order of the log, by the nodes' word. When a node is lost the next one is
 * asked, from where the last one was: a node that is behind says nothing until it gets there. Rejects with `NodeError`
 * where no node was ever reached, or where they refuse the question, and with the signal's reason.
 */
export async function* followEvents(following: Following): AsyncGenerator<RecordEvent> {
  const { nodes, signal } = following;
  let reached = false;
  let failures = 0;
  for (let turn = 0; ; turn++) {
    const node = nodes[turn % nodes.length]!;
    let alive = 0;
    let fault = new NodeError('unreachable', `${node}: the node ended the stream`);
    try {
      for await (const event of eventsOf(node, following)) {
        if (event !== null) yield event;
        // A node that only takes the call and drops it is not asked again and again.
        else if (alive++ > 0) failures = 0;
        reached = true;
      }
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      fault = error;
    }
    signal.throwIfAborted();
    failures++;
    if (fault.code === 'refused' || (!reached && failures === nodes.length)) throw fault;
    const ms = pauseAfter(fault, failures, nodes.length);
    following.onLost?.(fault, ms);
    await sleep(ms, signal);
  }
}

/** The next node at once, and once all have failed longer each time. */
function pauseAfter({ retryAfterMs }: NodeError, failures: number, nodes: number): number {
  const rounds = Math.floor((failures - 1) / nodes);
  const own = rounds === 0 && nodes > 1 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** rounds, MAX_PAUSE_MS);
  return Math.max(own, nodes > 1 ? 0 : Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
}

/** The events of one node until it ends them, and null whenever anything comes of it. */
async function* eventsOf(
  node: string,
  { query, place, signal, onNode }: Following,
): AsyncGenerator<RecordEvent | null> {
  const asked = place.after === null ? query : { ...query, after: place.after };
  const reader = new StreamReader();
  let here = false;
  const answer = await openNode(node, requestPath(ROUTES.events, {}, asked), signal);
  if (answer.status !== 200) throw await faultIn(answer);
  for await (const text of answer.text) {
    const messages = reader.push(text);
    if (messages === null) throw new NodeError('bad-answer', `${node}: a message without an end`);
    if (!here) onNode?.(node);
    here = true;
    yield null;
    for (const { id, event, data } of messages) {
      if (event !== null) continue;
      const record = data === null ? null : readJson(recordEventView, data);
      if (record !== null && !record.ok) throw new NodeError('bad-answer', `${node}: ${record.fault.detail}`);
      const at = id === null ? null : Number(id);
      const wrong =
        at !== null &&
        (!Number.isSafeInteger(at) || at < (place.after ?? -1) || (record !== null && at === place.after));
      if (wrong || (record !== null && record.value.index !== at))
        throw new NodeError('bad-answer', `${node}: event ${id} after ${place.after}`);
      if (record !== null) yield record.value;
      if (at !== null) place.after = at;
    }
  }
}

/** What an answer means that is no stream. */
async function faultIn({ text, ...answer }: OpenAnswer): Promise<NodeError> {
  let whole = '';
  for await (const part of text) if (whole.length < MAX_PROBLEM) whole += part;
  const told = { ...answer, text: whole };
  const problem = problemIn(told);
  const detail = `${answer.node}: ${problem?.detail ?? `HTTP ${answer.status}`}`;
  return faultOf(told, true) ?? new NodeError('refused', detail, { reason: problem?.code ?? null });
}
