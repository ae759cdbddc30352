import { EXIT, type ExitCode, visible } from '@qifeng/core';
import type { PublisherView } from '../../../publishers/differences.ts';
import type { Context } from '../../context.ts';
import { requireNodes } from '../../nodes.ts';
import type { ListFlags } from './flags.ts';
import { publishersMessages } from './messages.ts';
import { asked } from './session.ts';

/** Lists the publishers as a node has them. */
export async function list({ member, suspended }: ListFlags, context: Context): Promise<ExitCode> {
  const client = await requireNodes(context);
  const words = publishersMessages(context.lang);
  const { out } = context;
  const shown: PublisherView[] = [];
  const read = async () => {
    for await (const publisher of client.publishers())
      if (
        (member === undefined || publisher.home === member) &&
        (suspended !== true || publisher.status === 'suspended')
      )
        shown.push(publisher);
  };
  await asked(read(), context);
  if (context.json) {
    out.json({ publishers: shown });
    return EXIT.done;
  }
  const lines = shown.map(({ id, name, home, status, roles, quota, seq }) => [
    id,
    home,
    out.painted(status === 'active', words[status]),
    words.records(seq),
    quota === 0 ? '' : words.aDay(quota),
    visible(roles.join(' ')),
    visible(name),
  ]);
  out.table(lines);
  out.line(words.listed(shown.length));
  return EXIT.done;
}
