import type { Question, Reply } from './messages.ts';
import type { ChainFacts, Outcome, Refusal } from './outcome.ts';

/** What became of a question about a file: a verdict, or a file that could not be read. */
export type Answer = Outcome | { readonly kind: 'unreadable'; readonly detail: string };

/** The page's side of the worker. */
export interface Checker {
  /** Reads a genesis; its facts are then known by their hash. */
  genesis(bytes: Uint8Array): Promise<ChainFacts | Refusal>;
  /** Verifies a file and its receipt. A newer question makes an older one stay unanswered. */
  verify(
    question: { readonly genesis: string; readonly file: Blob; readonly receipt: Blob },
    progress: (share: number) => void,
  ): Promise<Answer>;
}

/** Starts the worker. `broken` is called when it cannot run at all. */
export function startChecker(broken: (detail: string) => void): Checker {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<Reply>) => waiting.get(data.id)?.(data);
  worker.onerror = event => broken(event.message || 'the worker did not start');

  const ask = (make: (id: number) => Question, hear: (reply: Reply) => void): void => {
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
        ask(
          id => ({ kind: 'genesis', id, bytes }),
          reply => {
            if (reply.kind === 'genesis') resolve(reply.facts ?? reply.fault!);
          },
        );
      }),
    verify: (question, progress) =>
      new Promise(resolve => {
        ask(
          id => ({ kind: 'verify', id, ...question }),
          reply => {
            if (reply.kind === 'progress') progress(reply.done / Math.max(1, reply.total));
            else if (reply.kind === 'outcome') resolve(reply.outcome);
            else if (reply.kind === 'unreadable') resolve({ kind: 'unreadable', detail: reply.detail });
          },
        );
      }),
  };
}
