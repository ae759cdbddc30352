import { type Finals, finalWithoutQuorum } from '../checks/verdicts.ts';
import { sleep, type World } from './fault.ts';

/** Ms between looks, and how long nothing may change. */
const LOOK_MS = 1_000;
const STILL_MS = 3_000;
/** Looks in a row in which nothing moves, after which what was decided before is final: a busy machine holds some back. */
const CALM = 3;
/** Looks in which it may still become final. */
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
  for (let look = 1, calm = 0; calm < CALM; look++) {
    await sleep(LOOK_MS);
    const now = await finals();
    const moved = finalWithoutQuorum(before, now);
    before = now;
    calm = moved.length === 0 ? calm + 1 : 0;
    if (look >= LOOKS && calm === 0) return moved;
  }
  await sleep(STILL_MS);
  return finalWithoutQuorum(before, await finals());
}
