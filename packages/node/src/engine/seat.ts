import type { Validator } from '@qifeng/core';
import type { Config } from '../consensus/config.ts';
import type { Message } from '../consensus/messages.ts';
import type { GuardedSigner } from './signing.ts';
import type { MessageVerifier } from './verify.ts';

/** How this node sits in one epoch: its part, who the others are, and how they sign. */
export class Seat {
  readonly config: Config;
  readonly signer: GuardedSigner;
  readonly #verifier: MessageVerifier;
  /** Validators in order, then everybody else who can be reached: positions from n on have no vote. */
  readonly #codes: readonly string[];

  constructor(config: Config, others: readonly string[], verifier: MessageVerifier, signer: GuardedSigner) {
    this.config = config;
    this.signer = signer;
    this.#verifier = verifier;
    this.#codes = [...config.validators, ...others.filter(code => !config.validators.includes(code)).sort()];
  }

  /** Position of a member, -1 if it is unknown here. */
  positionOf(code: string): number {
    return this.#codes.indexOf(code);
  }

  /** Who has a position; null: nobody any more, as an observer may be let go while an answer waits for the log. */
  codeAt(position: number): string | null {
    return this.#codes[position] ?? null;
  }

  /** The other validators. */
  get peers(): readonly string[] {
    return this.config.validators.filter((_, position) => position !== this.config.me);
  }

  verify(message: Message): Promise<boolean> {
    return this.#verifier.verify(message);
  }
}

/** Keys of a set in the order of its positions. */
export function keysOf(validators: readonly Validator[]): readonly Uint8Array[] {
  return validators.map(({ key }) => key);
}
