import { type StreamMessage, StreamReader } from '@qifeng/core';
import type { Served } from './served.ts';

/** One open stream of events. */
export interface EventReader {
  /** The next messages, `count` of them, without heartbeats; fewer if the stream ends. */
  take(count: number): Promise<StreamMessage[]>;
  /** The last id that was told, heartbeats included. */
  readonly lastId: string | null;
  /** Hangs up. */
  leave(): void;
}

/** Opens a stream at a query such as `?after=3`, with the id of the last message if one is known, and reads its first message. */
export async function readEvents(
  node: Pick<Served, 'ask'>,
  query = '',
  lastId: string | null = null,
): Promise<EventReader> {
  const leaving = new AbortController();
  const headers: Record<string, string> = lastId === null ? {} : { 'last-event-id': lastId };
  const response = await node.ask(`/v1/events${query}`, { headers, signal: leaving.signal });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  const chunks = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const reader = new StreamReader();
  const waiting: StreamMessage[] = [];
  let last = lastId;
  const next = async (): Promise<StreamMessage | null> => {
    while (waiting.length === 0) {
      const { done, value } = await chunks.read();
      if (done) return null;
      waiting.push(...reader.push(value)!);
    }
    const message = waiting.shift()!;
    last = message.id ?? last;
    return message;
  };
  await next();
  return {
    get lastId() {
      return last;
    },
    take: async count => {
      const taken: StreamMessage[] = [];
      while (taken.length < count) {
        const message = await next();
        if (message === null) break;
        if (message.data !== null) taken.push(message);
      }
      return taken;
    },
    leave: () => leaving.abort(),
  };
}

/** The log indexes of messages that are records. */
export function indexesOf(messages: readonly StreamMessage[]): number[] {
  return messages.filter(({ event }) => event === null).map(({ id }) => Number(id));
}
