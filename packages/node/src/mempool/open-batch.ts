import type { Submission } from '@qifeng/core';

/** A batch that gathers. */
export interface OpenBatch {
  readonly wires: Uint8Array[];
  readonly submissions: Submission[];
  readonly bytes: number;
  readonly weight: number;
  /** What each publisher has in it. */
  readonly publishers: ReadonlyMap<string, number>;
  add(wire: Uint8Array, submission: Submission, weight: number): void;
  /** Resolves when the batch is out. */
  readonly out: Promise<void>;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** An empty one. */
export function openBatch(): OpenBatch {
  let done = (): void => {};
  let failed = (_: unknown): void => {};
  const out = new Promise<void>((resolve, reject) => {
    done = resolve;
    failed = reject;
  });
  const wires: Uint8Array[] = [];
  const submissions: Submission[] = [];
  const publishers = new Map<string, number>();
  let bytes = 0;
  let weight = 0;
  return {
    wires,
    submissions,
    publishers,
    get bytes() {
      return bytes;
    },
    get weight() {
      return weight;
    },
    add: (wire, submission, itsWeight) => {
      const { publisher } = submission.header;
      wires.push(wire);
      submissions.push(submission);
      bytes += wire.length;
      weight += itsWeight;
      publishers.set(publisher, (publishers.get(publisher) ?? 0) + itsWeight);
    },
    out,
    done,
    failed,
  };
}
