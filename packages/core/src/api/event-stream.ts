/**
 * One message of an event stream (HTML Living Standard, "Server-sent events"). `id` without `data` is no event: it only says
 * from where to go on. `event` is null for the usual kind.
 */
export interface StreamMessage {
  readonly id: string | null;
  readonly event: string | null;
  readonly data: string | null;
}

/** Characters of one message at most: an announced record has less than a tenth of it. */
const MAX_MESSAGE = 256 * 1024;

/** The text of a message; neither of its parts may hold a line break. `comment` comes first and means nothing. */
export function streamText(message: Partial<StreamMessage>, comment?: string): string {
  const { id = null, event = null, data = null } = message;
  const lines = [
    comment === undefined ? null : `: ${comment}`,
    id === null ? null : `id: ${id}`,
    event === null ? null : `event: ${event}`,
    data === null ? null : `data: ${data}`,
  ].filter(line => line !== null);
  return `${lines.join('\n')}\n\n`;
}

/** Reads the messages of one stream as its text arrives, in whatever pieces. */
export class StreamReader {
  #rest = '';

  /** The messages that are complete now; null once one is longer than any may be. */
  push(text: string): readonly StreamMessage[] | null {
    const parts = (this.#rest + text).split('\n\n');
    this.#rest = parts.pop()!;
    if (this.#rest.length > MAX_MESSAGE) return null;
    return parts.map(messageOf);
  }
}

function messageOf(text: string): StreamMessage {
  const found: { id: string | null; event: string | null; data: string | null } = {
    id: null,
    event: null,
    data: null,
  };
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^(id|event|data): ?(.*)$/s.exec(line) ?? [];
    if (name !== undefined) found[name as keyof StreamMessage] = value;
  }
  return found;
}
