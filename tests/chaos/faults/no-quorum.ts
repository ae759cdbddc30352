import { type Finals, finalWithoutQuorum } from '../checks/verdicts.ts';
import { sleep, type World } from './fault.ts';

/** Ms between looks, and how long nothing may change. */
const LOOK_MS = 1_000;
const STILL_MS = 3_000;
/** Looks in which what was decided before may still become final. */
const LOOKS = 20;

/** While nobody has a quorum: what was under way comes to its end, and after that nothing becomes final anywhere. */
export async function nothingFinal({ network }: World): Promise<readonly string[]> {
  const finals = (): Promise<Finals> =>
    Promise.all(
      [...network.seats.keys()].map(async seat =>
        network.honest.includes(seat) ? ((await network.standing(seat))?.final ?? null) : null,
      ),
    );
  let before = await finals();
  for (let look = 1; ; look++) {
    await sleep(LOOK_MS);
    const now = await finals();
    const moved = finalWithoutQuorum(before, now);
    before = now;
    if (moved.length === 0) break;
    if (look === LOOKS) return moved;
  }
  await sleep(STILL_MS);
  return finalWithoutQuorum(before, await finals());
}
