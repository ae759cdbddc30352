import { EXIT, type ExitCode, ROUTES, usageFault, visible } from '@qifeng/core';
import type { PublisherView } from '../../../publishers/differences.ts';
import { ALL_ROLES } from '../../../publishers/roster.ts';
import type { Context } from '../../context.ts';
import { requireNodes } from '../../nodes.ts';
import type { ListFlags } from './flags.ts';
import { publishersMessages } from './messages.ts';
import { asked } from './session.ts';

/** Lists the publishers as a node has them. */
export async function list(flags: ListFlags, context: Context): Promise<ExitCode> {
  const { member, suspended } = flags;
  const { name, after, limit } = bounds(flags, context);
  const client = await requireNodes(context);
  const words = publishersMessages(context.lang);
  const { out } = context;
  const shown: PublisherView[] = [];
  const read = async () => {
    for await (const publisher of client.publishers(after, name)) {
      if (member !== undefined && publisher.home !== member) continue;
      if (suspended === true && publisher.status !== 'suspended') continue;
      // One more than is wanted shows that there are more.
      if (shown.length === limit) return true;
      shown.push(publisher);
    }
    return false;
  };
  const hasMore = await asked(read(), context);
  const next = hasMore ? shown.at(-1)!.id : null;
  if (context.json) {
    out.json({ publishers: shown, next });
    return EXIT.done;
  }
  const lines = shown.map(({ id, name, home, status, roles, quota, seq }) => [
    id,
    home,
    out.painted(status === 'active', words[status]),
    words.records(seq),
    quota === 0 ? '' : words.aDay(quota),
    visible(roles.join(' ') || ALL_ROLES),
    visible(name),
  ]);
  out.table(lines);
  out.line(next === null ? words.listed(shown.length) : words.listedMore(shown.length, next));
  return EXIT.done;
}

/** Where the list begins and ends, judged as the node will. */
function bounds({ name, after, limit }: ListFlags, { lang }: Context) {
  const words = publishersMessages(lang);
  const bad = (option: string, value: string) =>
    usageFault('bad-list', words.badList(option, value), words.badListNext);
  const { query } = ROUTES.publishers;
  if (name !== undefined && query.name.parse(name) === null) throw bad('--name', name);
  if (after !== undefined && query.after.parse(after) === null) throw bad('--after', after);
  if (limit !== undefined && !/^[1-9][0-9]{0,5}$/.test(limit)) throw bad('--limit', limit);
  return { name, after, limit: limit === undefined ? Number.POSITIVE_INFINITY : Number(limit) };
}
