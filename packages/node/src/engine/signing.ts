import type { Signer } from '@qifeng/core';
import type { Config } from '../consensus/config.ts';
import { admit, emptyGuard, type Guard, nextEpoch, prune } from '../consensus/guard.ts';
import type { Message } from '../consensus/messages.ts';
import type { ToSign } from '../consensus/output.ts';
import { signedMessage } from '../consensus/signed.ts';
import type { GuardFile } from '../ports/log.ts';
import { decodeGuard, encodeGuard } from './wire/records.ts';
import type { SignedBytes } from './wire/signed-bytes.ts';

/** Signs what the protocol asks for, if the guard lets it, and turns it into the message that goes out. */
export interface GuardedSigner {
  /** Signs all of these, in order, after one synced write of the guard. What the guard refuses is left out and told. */
  sign(what: readonly ToSign[], low: number): readonly Message[];
  /** What the key remembers; null if its file never was: a fresh home has an empty one, its birth marker. */
  readonly guard: Guard | null;
  /** Whether it may have signed what it does not remember. */
  readonly amnesiac: boolean;
  /** From now on and for ever in this epoch, signs nothing. */
  forget(): void;
}

/** What a guard file remembers; of one that is new or holds nothing, that nothing was signed. */
function guardIn(file: GuardFile, epoch: number): Guard {
  const stored = file.read();
  return stored === null || stored.length === 0 ? emptyGuard(epoch) : decodeGuard(stored);
}

/** Marks the key beside a guard file as one that may have signed what is not remembered: it signs nothing any more. */
export function forgetIn(file: GuardFile, guard = guardIn(file, 0)): Guard {
  const forgotten = { ...guard, amnesiac: true };
  file.write(encodeGuard(forgotten));
  return forgotten;
}

/** The validator's signer: key, guard and its file. `refused` hears of a conflict, which is a fault of ours. */
export function guardedSigner(
  config: Config,
  signer: Signer,
  signed: SignedBytes,
  file: GuardFile,
  refused: (what: ToSign, reason: string) => void,
): GuardedSigner {
  let guard = guardIn(file, config.epoch);
  const remembered = file.read() === null ? null : guard;
  if (guard.epoch < config.epoch) guard = nextEpoch(guard, config.epoch);
  return {
    guard: remembered,
    get amnesiac() {
      return guard.amnesiac;
    },
    forget: () => {
      guard = forgetIn(file, guard);
    },
    sign: (what, low) => {
      const before = guard;
      const admitted: ToSign[] = [];
      for (const one of what) {
        const verdict = admit(guard, one, signed.bodyHash);
        if ('refused' in verdict) refused(one, verdict.refused);
        else {
          guard = verdict.guard;
          admitted.push(one);
        }
      }
      if (guard !== before) {
        guard = prune(guard, low);
        file.write(encodeGuard(guard));
      }
      return admitted.map(one => signedMessage(one, config.epoch, config.me, signer.sign(signed.of(one))));
    },
  };
}
