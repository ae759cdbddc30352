import type { ChainFacts, Refusal } from './facts.ts';
import type { Question, Reply, Wanted } from './messages.ts';
import type { Outcome } from './outcome.ts';

/** What became of a question: a verdict, a file that could not be read, or a node that did not answer. */
export type Answer = Outcome | { readonly kind: 'unreadable' | 'no-answer'; readonly detail: string };

/** The page's side of the worker. */
export interface Checker {
  /** Reads a genesis; its facts are then known by their hash. */
  genesis(bytes: Uint8Array): Promise<ChainFacts | Refusal>;
  /** Judges what was given, or asks the node. A newer question makes an older one stay unanswered. */
  ask(wanted: Wanted, progress: (share: number) => void): Promise<Answer>;
}

/** Starts the worker. `broken` is called when it cannot run at all. */
export function startChecker(broken: (detail: string) => void): Checker {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<Reply>) => waiting.get(data.id)?.(data);
  worker.onerror = event => broken(event.message || 'the worker did not start');

  const post = (make: (id: number) => Question, hear: (reply: Reply) => void): void => {
    const id = ++last;
    waiting.set(id, reply => {
      if (reply.kind !== 'progress') waiting.delete(id);
      hear(reply);
    });
    worker.postMessage(make(id));
  };

  return {
    genesis: bytes =>
      new Promise(resolve => {
        post(
          id => ({ kind: 'genesis', id, bytes }),
          reply => {
            if (reply.kind === 'genesis') resolve(reply.facts ?? reply.fault!);
          },
        );
      }),
    ask: (wanted, progress) =>
      new Promise(resolve => {
        post(
          id => ({ id, ...wanted }),
          reply => {
            if (reply.kind === 'progress') progress(reply.done / Math.max(1, reply.total));
            else if (reply.kind === 'outcome') resolve(reply.outcome);
            else if (reply.kind !== 'genesis') resolve({ kind: reply.kind, detail: reply.detail });
          },
        );
      }),
  };
}
