import { EXIT, type ExitCode } from '@qifeng/core';
import type { Context } from '../../context.ts';
import { quickClient } from '../../nodes.ts';
import { profileNamed } from '../../profile-named.ts';
import { registerOf, requireChain } from '../../trust.ts';
import { printList, printProfile } from './print.ts';

/** Lists the profiles of the chain, or shows one; see the help of `qifeng profiles`. */
export async function profiles(
  typed: string | undefined,
  genesis: string | undefined,
  context: Context,
): Promise<ExitCode> {
  const names = registerOf(await requireChain(genesis, context), context);
  const { json, out } = context;
  if (typed === undefined) {
    const client = await quickClient(context);
    if (client !== null) await names.learnProfiles(client);
    const all = names.profiles();
    if (json)
      out.json({
        profiles: all.map(({ profile: { name, version, title }, record }) => ({
          name,
          version,
          title,
          record,
        })),
      });
    else printList(all, context);
    return EXIT.done;
  }
  await names.learn({ profiles: [typed] }, await quickClient(context));
  const name = await profileNamed(typed, names, context, true);
  await names.learn({ profiles: [name] }, await quickClient(context));
  const named = names.profile(name)!;
  if (json) out.json({ record: named.record, ...named.profile });
  else printProfile(named, names, context);
  return EXIT.done;
}
