import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_PROOF_BYTES, MAX_STATUS_BYTES, RECEIPT_SUFFIX, STATUS_SUFFIX } from '@qifeng/core';
import { readAtMost } from '../files/read.ts';
import { writeWhole } from '../files/write.ts';
import type { Pin, Pins } from './register.ts';

/** Proofs in a folder, one file each. */
export class PinFolder implements Pins {
  readonly #folder: string;
  readonly #parent: string;

  /** `parent` is the folder that must be there for anything to be written: nobody's folder is made by looking something up. */
  constructor(parent: string) {
    this.#parent = parent;
    this.#folder = join(parent, 'registered');
  }

  async read(pin: Pin): Promise<Uint8Array | null> {
    const max = pin.kind === 'profile' ? MAX_PROOF_BYTES : MAX_STATUS_BYTES;
    return readAtMost(this.#path(pin), max).catch(() => null);
  }

  /** Keeps a proof; a folder that cannot be written to only means that it is asked for again. */
  async keep(pin: Pin, bytes: Uint8Array): Promise<void> {
    if (existsSync(this.#parent)) await writeWhole(this.#path(pin), bytes).catch(() => {});
  }

  #path({ kind, name }: Pin): string {
    return join(this.#folder, `${kind}-${name}${kind === 'profile' ? RECEIPT_SUFFIX : STATUS_SUFFIX}`);
  }
}
