import { Connection, type Reply } from './connection.ts';

/** Wire bytes of the next submission. */
export type Source = () => Uint8Array;

/** What a load did. */
export interface Load {
  /** Answers with the status asked for, in the time that was measured. */
  readonly done: number;
  /** Other answers, by status. */
  readonly others: ReadonlyMap<number, number>;
  /** Milliseconds from the time a request was due to its answer. */
  readonly latencies: readonly number[];
  readonly seconds: number;
}

const PATH = '/v1/submissions?wait=final';
const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Connections to the nodes in turn. */
export function openConnections(urls: readonly string[], count: number): Promise<readonly Connection[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => Connection.open(urls[i % urls.length]!)));
}

/**
 * Closed loop: every connection sends its next submission when the last is final. `settle` ms pass before anything
 * counts; `onStart` runs when counting starts and `onEnd` when it ends, while the load is still on.
 */
export async function closedLoop(
  connections: readonly Connection[],
  next: Source,
  settle: number,
  ms: number,
  onStart: () => void = () => {},
  onEnd: () => void = () => {},
): Promise<Load> {
  let phase: 'settling' | 'counting' | 'over' = 'settling';
  let done = 0;
  const others = new Map<number, number>();
  const latencies: number[] = [];
  const client = async (connection: Connection): Promise<void> => {
    while (phase !== 'over') {
      const start = performance.now();
      const { status } = await connection.post(PATH, next());
      if (phase === 'counting') {
        if (status === 200) {
          done++;
          latencies.push(performance.now() - start);
        } else others.set(status, (others.get(status) ?? 0) + 1);
      }
      if (status !== 200) await pause(50);
    }
  };
  const clients = Promise.all(connections.map(client));
  await Promise.race([pause(settle), clients]);
  phase = 'counting';
  onStart();
  const start = performance.now();
  await Promise.race([pause(ms), clients]);
  phase = 'over';
  const seconds = (performance.now() - start) / 1000;
  onEnd();
  await clients;
  return { done, others, latencies, seconds };
}

/** Open loop: a submission is due every 1/rate s whether or not the last is final; latency counts from when it was due. */
export async function openLoop(
  connections: readonly Connection[],
  next: Source,
  rate: number,
  ms: number,
): Promise<Load> {
  const free = [...connections];
  const latencies: number[] = [];
  const others = new Map<number, number>();
  const under: Promise<void>[] = [];
  const begin = performance.now();
  for (let i = 0; (i * 1000) / rate < ms; i++) {
    const due = begin + (i * 1000) / rate;
    const wire = next();
    const early = due - performance.now();
    if (early > 0) await pause(early);
    const connection = free.shift();
    if (connection === undefined)
      throw new Error(`${connections.length} connections are too few for ${rate}/s`);
    under.push(
      connection.post(PATH, wire).then(({ status }: Reply) => {
        free.push(connection);
        if (status === 200) latencies.push(performance.now() - due);
        else others.set(status, (others.get(status) ?? 0) + 1);
      }),
    );
  }
  await Promise.all(under);
  return { done: latencies.length, others, latencies, seconds: (performance.now() - begin) / 1000 };
}
