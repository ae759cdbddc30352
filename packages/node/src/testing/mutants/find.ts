import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { MUTANTS } from '../mutants.ts';
import type { Found, Search } from './worker.ts';

/** Looks for a killing schedule of each mutant, on all processors; false if one survives. */
export async function findKillers(
  seeds: number,
  only: string | undefined,
  tell: (found: Found) => void,
): Promise<boolean> {
  const names = MUTANTS.map(({ name }) => name).filter(name => only === undefined || name === only);
  const workers = Math.min(availableParallelism(), names.length);
  let survivors = names.length === 0 ? 1 : 0;
  await Promise.all(
    Array.from({ length: workers }, (_, turn) => {
      const workerData: Search = { names: names.filter((_name, i) => i % workers === turn), seeds };
      return new Promise<void>((resolve, reject) => {
        const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
        worker.on('message', (found: Found) => {
          if (found.by === null) survivors++;
          tell(found);
        });
        worker.on('error', reject);
        worker.on('exit', () => resolve());
      });
    }),
  );
  return survivors === 0;
}
