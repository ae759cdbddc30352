import { describe, expect, it } from 'vitest';
import * as protocol from '../../consensus/protocol.ts';
import { CRASHED, crashEverywhere } from './crash-run.ts';

/** Every so many points; `npm run sim -- --crash-points` takes all. */
const STRIDE = 48;

describe('a crash between two steps of a replica, while views fail and members change', () => {
  it.each(Array.from({ length: CRASHED.n }, (_, id) => id))('does no harm to replica %i', id => {
    const { points, whole, violations } = crashEverywhere(id, STRIDE);
    expect(violations).toEqual([]);
    expect(points).toBeGreaterThan(400);
    expect([whole.counts.viewChanges > 10, whole.counts.carriedOver > 0, whole.epochs > 0]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('is seen to do harm where an acceptance is written down and not read back', () => {
    const forgetful: typeof protocol = {
      ...protocol,
      recover: (config, records, ...rest) =>
        protocol.recover(
          config,
          records.filter(({ type }) => type !== 'accept'),
          ...rest,
        ),
    };
    expect(crashEverywhere(0, STRIDE, () => {}, forgetful).violations.length).toBeGreaterThan(0);
  });
});
