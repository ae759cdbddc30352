import { type LoadOf, closedLoop as loop } from '../../packages/client/src/bench/closed-loop.ts';
import { Connection, type Reply } from './connection.ts';

/** Wire bytes of the next submission. */
export type Source = () => Uint8Array;

/** What a load did; other answers are by status. */
export type Load = LoadOf<number>;

const PATH = '/v1/submissions?wait=final';
const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Connections to the nodes in turn. */
export function openConnections(urls: readonly string[], count: number): Promise<readonly Connection[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => Connection.open(urls[i % urls.length]!)));
}

/** Closed loop over connections, as `closedLoop` of the client has it. */
export function closedLoop(
  connections: readonly Connection[],
  next: Source,
  settle: number,
  ms: number,
  onStart?: () => void,
  onEnd?: () => void,
): Promise<Load> {
  const senders = connections.map(connection => async () => {
    const { status } = await connection.post(PATH, next());
    return status === 200 ? null : status;
  });
  return loop(senders, settle, ms, onStart, onEnd);
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
