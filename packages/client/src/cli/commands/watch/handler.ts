import {
  EXIT,
  type ExitCode,
  type RecordEvent,
  recordEventView,
  subjectText,
  toHex,
  visible,
  writeJson,
} from '@qifeng/core';
import type { Register } from '../../../register/register.ts';
import { type EventPlace, followEvents } from '../../../sdk/events.ts';
import type { Context } from '../../context.ts';
import { actionText, publisherText } from '../../describe.ts';
import { knownNodes, nodeComplaint, noNodes } from '../../nodes.ts';
import { profileNamed } from '../../profile-named.ts';
import { chinaIso } from '../../time.ts';
import { findChain, registerOf } from '../../trust.ts';
import { type WatchFlags, watchRequest } from './flags.ts';
import { watchMessages } from './messages.ts';

/** Prints records as they become final, until it has enough of them, nobody reads it, or Ctrl-C. */
export async function watch(flags: WatchFlags, context: Context): Promise<ExitCode> {
  const { io, json, out, lang, signal } = context;
  const words = watchMessages(lang);
  // It lends its names to what the nodes say; nothing is verified.
  const chain = await findChain(undefined, context);
  const names = chain && registerOf(chain, context);
  const profile =
    names === null || flags.profile === undefined
      ? flags.profile
      : await profileNamed(flags.profile, names, context);
  const { query, from, count } = watchRequest({ ...flags, profile }, lang);
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
      else await print(event, names, context);
      if (--left === 0) return EXIT.done;
    }
  } catch (error) {
    if (io.unread?.aborted && !signal.aborted) return EXIT.done;
    throw nodeComplaint(error, context);
  }
  return EXIT.done;
}

async function print(event: RecordEvent, names: Register | null, { out, lang }: Context): Promise<void> {
  await names?.learn({ profiles: [event.profile], publishers: [event.publisher] }, null);
  const what = [
    chinaIso(event.time),
    actionText(event, names, lang),
    publisherText(event.publisher, names),
    subjectText(event),
  ];
  out.sentence([`#${event.index}`, ...what].join('  '), 0);
  if (event.title !== null) out.note(event.title);
  if (event.digest !== null) out.note(`${event.digest.alg}:${toHex(event.digest.hash)}`);
}
