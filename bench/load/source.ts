import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, readGenesis, signSubmission } from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';
import type { Source } from './loads.ts';

const PUBLISHER = '11110000DEM000001C';
const LIFE_MS = 3_600_000;

/** Submissions of a network's demo publisher. Those made ahead cost nothing while nodes are measured. */
export class Submissions {
  readonly #genesis: Uint8Array;
  readonly #signer;
  #ready: Uint8Array[] = [];
  /** Submissions that had to be signed while a load was on. */
  late = 0;

  constructor(home: string) {
    const chain = readGenesis(new Uint8Array(readFileSync(join(home, 'genesis.cbor'))), nativeSuite);
    if (!chain.ok) throw new Error(chain.fault.detail);
    this.#genesis = chain.value.hash;
    const pem = readFileSync(join(home, 'keys', `${PUBLISHER}.pem`), 'utf8');
    const body = /KEY-----([\s\S]+?)-----END/.exec(pem)![1]!;
    this.#signer = nativeSigner(new Uint8Array(Buffer.from(body, 'base64').subarray(-32)));
  }

  /** Signs `count` submissions of `entries` entries ahead, in place of any left over. */
  prepare(count: number, entries: number): Source {
    this.late = 0;
    this.#ready = Array.from({ length: count }, () => this.sign(entries));
    return () => {
      const ready = this.#ready.pop();
      if (ready !== undefined) return ready;
      this.late++;
      return this.sign(entries);
    };
  }

  sign(entries: number): Uint8Array {
    const now = Date.now();
    return signSubmission(
      {
        genesis: this.#genesis,
        publisher: PUBLISHER,
        nonce: new Uint8Array(randomBytes(16)),
        issuedAt: now,
        expires: now + LIFE_MS,
        entries: Array.from({ length: entries }, freshEntry),
      },
      this.#signer,
      nativeSuite.hasher,
    );
  }
}

/** About 280 bytes once it is a leaf, as a policy document with a title. */
function freshEntry(): Entry {
  const hash = new Uint8Array(randomBytes(32));
  return {
    profile: 'policy',
    action: 'publish',
    subject: { issuer: PUBLISHER, id: Buffer.from(hash).toString('hex') },
    digest: { alg: 'sha256', hash },
    prev: null,
    links: [],
    meta: new Map([['title', '关于印发三年行动计划的通知']]),
    origin: null,
  };
}
