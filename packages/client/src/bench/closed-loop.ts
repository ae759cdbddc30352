/** What a load did; `Other` is what an answer is that is not the one asked for. */
export interface LoadOf<Other> {
  /** Answers that were asked for, in the time that was measured. */
  readonly done: number;
  /** Other answers, counted. */
  readonly others: ReadonlyMap<Other, number>;
  /** Milliseconds from the time a request was due to its answer. */
  readonly latencies: readonly number[];
  readonly seconds: number;
}

/** Sends what is next and waits for its answer: null for the one asked for. */
export type Sender<Other> = () => Promise<Other | null>;

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/**
 * Closed loop: every sender sends its next submission when the last is final. `settle` ms pass before anything
 * counts; `onStart` runs when counting starts and `onEnd` when it ends, while the load is still on.
 */
export async function closedLoop<Other>(
  senders: readonly Sender<Other>[],
  settle: number,
  ms: number,
  onStart: () => void = () => {},
  onEnd: () => void = () => {},
): Promise<LoadOf<Other>> {
  let phase: 'settling' | 'counting' | 'over' = 'settling';
  let done = 0;
  const others = new Map<Other, number>();
  const latencies: number[] = [];
  const run = async (send: Sender<Other>): Promise<void> => {
    while (phase !== 'over') {
      const start = performance.now();
      const other = await send();
      if (phase === 'counting') {
        if (other === null) {
          done++;
          latencies.push(performance.now() - start);
        } else others.set(other, (others.get(other) ?? 0) + 1);
      }
      if (other !== null) await pause(50);
    }
  };
  const all = Promise.all(senders.map(run));
  await Promise.race([pause(settle), all]);
  phase = 'counting';
  onStart();
  const start = performance.now();
  await Promise.race([pause(ms), all]);
  phase = 'over';
  const seconds = (performance.now() - start) / 1000;
  onEnd();
  await all;
  return { done, others, latencies, seconds };
}
