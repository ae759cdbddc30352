import type { Profile } from '../simulator/shape.ts';

/** The protocol with one line broken on purpose. */
export interface Mutant {
  readonly name: string;
  /** The rule it breaks, as docs/PROTOCOL.md names it. */
  readonly rule: string;
  readonly file: string;
  /** Text that stands exactly once in the file, and what stands there in the mutant. */
  readonly line: string;
  readonly broken: string;
  /** Checkers that must not be the ones to find it: the others have to. */
  readonly deaf: readonly string[];
  /** The checker that finds it, in the schedule of this seed, profile (null: any) and number of replicas. */
  readonly by: string;
  readonly seed: number;
  readonly profile: Profile | null;
  readonly n: number;
  /** Batches expire in its schedule. */
  readonly expiry?: true;
  /** Replicas far behind come to another's certified state in its schedule. */
  readonly snapshots?: true;
}

/** A mutant before a schedule is known that kills it. */
export type Draft = Omit<Mutant, 'by' | 'seed' | 'profile' | 'n' | 'deaf'> & {
  readonly deaf?: readonly string[];
};
