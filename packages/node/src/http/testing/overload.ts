import { Agent, request } from 'node:http';

/** One answer under load. */
export interface Answered {
  readonly status: number;
  /** Seconds of Retry-After; null: none. */
  readonly retryAfter: number | null;
  readonly ms: number;
}

/**
 * Offers submissions to a node as fast as `connections` clients can, each on one connection of its own and none waiting when
 * it is told to: ten times what the node can carry, or more. `0` is the status of a connection that was closed.
 */
export async function overload(
  url: string,
  wires: readonly Uint8Array[],
  connections: number,
  path = '/v1/submissions',
): Promise<Answered[]> {
  const answers: Answered[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let i = next++; i < wires.length; i = next++) answers.push(await post(agent, url + path, wires[i]!));
    agent.destroy();
  };
  await Promise.all(Array.from({ length: connections }, client));
  return answers;
}

function post(agent: Agent, url: string, body: Uint8Array): Promise<Answered> {
  const start = performance.now();
  const headers = { 'content-type': 'application/cbor', 'content-length': body.length };
  return new Promise(resolve => {
    const end = (status: number, retryAfter: number | null): void =>
      resolve({ status, retryAfter, ms: performance.now() - start });
    const asked = request(url, { method: 'POST', agent, headers }, response => {
      const header = response.headers['retry-after'];
      response
        .resume()
        .on('end', () => end(response.statusCode!, header === undefined ? null : Number(header)));
    });
    asked.on('error', () => end(0, null));
    asked.end(body);
  });
}

/** The time within which a share of the answers came. */
export function quantile(answers: readonly Answered[], share: number): number {
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
}
