import {
  type Chain,
  EXIT,
  type ExitCode,
  type RecordEvent,
  recordEventView,
  toHex,
  visible,
  writeJson,
} from '@qifeng/core';
import { type EventPlace, followEvents } from '../../../sdk/events.ts';
import type { Context } from '../../context.ts';
import { actionText, publisherText, subjectText } from '../../describe.ts';
import { knownNodes, nodeComplaint, noNodes } from '../../nodes.ts';
import { localIso } from '../../time.ts';
import { findChain } from '../../trust.ts';
import type { WatchRequest } from './flags.ts';
import { watchMessages } from './messages.ts';

/** Prints records as they become final, until it has enough of them, nobody reads it, or Ctrl-C. */
export async function watch({ query, from, count }: WatchRequest, context: Context): Promise<ExitCode> {
  const { io, json, out, lang, signal } = context;
  const words = watchMessages(lang);
  // It lends its names to what the nodes say; nothing is verified.
  const chain = await findChain(undefined, context);
  const nodes = await knownNodes(context);
  if (nodes.length === 0) throw noNodes(context);
  const place: EventPlace = { after: from === null ? null : from - 1 };
  context.afterInterrupt(() => words.goOn(place.after === null ? null : place.after + 1));
  const note = (text: string) => io.stderr(`${visible(text)}\n`);
  const events = followEvents({
    nodes,
    query,
    place,
    signal: io.unread === undefined ? signal : AbortSignal.any([signal, io.unread]),
    onNode: node => note(words.following(node)),
    onLost: (fault, ms) => note(words.lost(fault.message, Math.ceil(ms / 1000))),
  });
  let left = count ?? Number.POSITIVE_INFINITY;
  try {
    for await (const event of events) {
      if (json) out.line(writeJson(recordEventView, event));
      else print(event, chain, context);
      if (--left === 0) return EXIT.done;
    }
  } catch (error) {
    if (io.unread?.aborted && !signal.aborted) return EXIT.done;
    throw nodeComplaint(error, context);
  }
  return EXIT.done;
}

function print(event: RecordEvent, chain: Chain | null, { out, lang }: Context): void {
  const what = [
    localIso(event.time),
    actionText(event, chain, lang),
    publisherText(event.publisher, chain),
    subjectText(event),
  ];
  out.sentence([`#${event.index}`, ...what].join('  '), 0);
  if (event.title !== null) out.note(event.title);
  if (event.digest !== null) out.note(`${event.digest.alg}:${toHex(event.digest.hash)}`);
}
