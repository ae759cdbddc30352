import { latin1 } from '@qifeng/core/native';
import type { SignatureJob, VerificationPool } from '../ports/verification.ts';

/** What a message says that one member signed. */
export interface Claim {
  readonly key: Uint8Array;
  /** Names the signed bytes: no two different ones have the same name. */
  readonly what: string;
  /** The signed bytes; worked out only where the signature must be checked. */
  readonly bytes: () => Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Signatures remembered as verified: the same ones arrive in every STATUS answer and VIEW-CHANGE. Enough for the
 * VIEW-CHANGEs of several views of 31 members, which are resent; with 1,024 each of them was verified again each time.
 */
const REMEMBERED = 16_384;

/** Where the verdict on a signature will be: at a place among those of one call of the pool. */
interface Pending {
  readonly verdicts: Promise<readonly boolean[]>;
  readonly place: number;
}

/**
 * Checks claims, each signature once: also where the same ones come with other messages while they are being checked, as
 * the NEW-VIEW does that each peer sends to one that fell behind.
 */
export class ClaimChecker {
  readonly #pool: VerificationPool;
  readonly #verified = new Set<string>();
  readonly #underWay = new Map<string, Pending>();

  constructor(pool: VerificationPool) {
    this.#pool = pool;
  }

  /** True iff each signature is its signer's. */
  async check(claims: readonly Claim[]): Promise<boolean> {
    if (claims.length === 0) return true;
    // A vote comes once: to remember it would only drive out what comes again.
    if (claims.length === 1) return (await this.#pool.verify(claims.map(jobOf)))[0]!;
    const pending: Pending[] = [];
    const fresh = new Map<string, Claim>();
    for (const claim of claims) {
      const name = nameOf(claim);
      if (this.#verified.has(name)) continue;
      const other = this.#underWay.get(name);
      if (other === undefined) fresh.set(name, claim);
      else pending.push(other);
    }
    if (fresh.size > 0) pending.push(...this.#begin(fresh));
    let sound = true;
    for (const { verdicts, place } of pending) sound = (await verdicts)[place]! && sound;
    return sound;
  }

  /** Gives signatures to the pool, and takes the verdicts down when they are there. */
  #begin(fresh: ReadonlyMap<string, Claim>): readonly Pending[] {
    const names = [...fresh.keys()];
    const verdicts = this.#pool.verify([...fresh.values()].map(jobOf));
    const pending = names.map((name, place) => {
      const one = { verdicts, place };
      this.#underWay.set(name, one);
      return one;
    });
    const settle = (each: readonly boolean[]): void => {
      for (const [place, name] of names.entries()) {
        this.#underWay.delete(name);
        if (each[place]) this.#remember(name);
      }
    };
    // Of a failure those hear who await it.
    void verdicts.then(settle, () => settle([]));
    return pending;
  }

  #remember(name: string): void {
    if (this.#verified.size >= REMEMBERED) {
      for (const oldest of this.#verified) {
        this.#verified.delete(oldest);
        break;
      }
    }
    this.#verified.add(name);
  }
}

/** Key and signature have one length each. */
function nameOf({ key, what, signature }: Claim): string {
  return latin1(key) + latin1(signature) + what;
}

function jobOf({ key, bytes, signature }: Claim): SignatureJob {
  return [key, bytes(), signature];
}
