import type { Signer } from '@qifeng/core';
import type { Config } from '../consensus/config.ts';
import { admit, emptyGuard, type Guard, prune } from '../consensus/guard.ts';
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
  /** True iff this key has ever signed a vote or cosignature. */
  readonly hasSigned: boolean;
}

/** The validator's signer: key, guard and its file. `refused` hears of a conflict, which is a fault of ours. */
export function guardedSigner(
  config: Config,
  signer: Signer,
  signed: SignedBytes,
  file: GuardFile,
  refused: (what: ToSign, reason: string) => void,
): GuardedSigner {
  const stored = file.read();
  let guard: Guard = stored === null ? emptyGuard(config.epoch) : decodeGuard(stored);
  const hasSigned = guard.signed.size > 0 || guard.viewFloor > 0 || guard.cosigned !== null;
  return {
    hasSigned,
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
