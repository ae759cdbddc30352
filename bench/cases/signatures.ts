import { spawnSync } from 'node:child_process';
import { portableVerifier, type Verifier } from '@qifeng/core';
import { nativeVerifier } from '@qifeng/core/native';
import { createVerificationPool } from '../../packages/node/src/verification/pool.ts';
import { sodiumVerifier } from '../../packages/node/src/verification/sodium-verifier.ts';
import { nodeVerifies, type Signed, sodiumThreads, sodiumVerifies } from '../bare.ts';
import { signatures as makeSignatures } from '../material.ts';
import { type Contender, compare, type Effort, type Row } from '../measure.ts';

const COUNT = 2_000;
const PORTABLE = 100;
const THREADS = 2;

/** Ed25519 in its three implementations and in the node's pool. */
export async function signatures(effort: Effort): Promise<readonly Row[]> {
  const signed = makeSignatures(COUNT, 16, 200);
  const openssl: Contender = {
    name: 'openssl speed',
    how: 'openssl speed -seconds 1 ed25519 (verify/s)',
    run: () => COUNT / opensslSpeed(),
  };
  const rounds = { ...effort, rounds: Math.min(3, effort.rounds) };
  const few = signed.slice(0, PORTABLE);
  const place = (what: string) => ({ case: 'Ed25519', what, unit: 'verifications/s' });
  const node: Contender = {
    name: 'node:crypto, key cached',
    how: 'crypto.verify(null, message, keyObject, signature)',
    run: nodeVerifies(signed),
  };
  const sodium: Contender = {
    name: 'raw libsodium',
    how: 'sodium.crypto_sign_verify_detached(signature, message, key)',
    run: sodiumVerifies(signed),
  };
  return [
    await compare(
      place('nativeVerifier'),
      COUNT,
      { name: 'ours', how: 'nativeVerifier.verify', run: () => checkAll(nativeVerifier, signed) },
      [node, openssl],
      rounds,
    ),
    await compare(
      place('sodiumVerifier, one thread'),
      COUNT,
      { name: 'ours', how: 'sodiumVerifier.verify', run: () => checkAll(sodiumVerifier, signed) },
      [sodium],
      rounds,
    ),
    await pooled(signed, place(`pool of ${THREADS} workers`), rounds),
    await pooled(signed, place(`pool of ${THREADS} workers, each with its key`), rounds, true),
    await compare(
      place('portableVerifier'),
      PORTABLE,
      { name: 'ours', how: 'portableVerifier.verify', run: () => checkAll(portableVerifier, few) },
      [{ ...node, run: nodeVerifies(few) }],
      rounds,
    ),
  ];
}

async function pooled(
  signed: readonly Signed[],
  place: { readonly case: string; readonly what: string; readonly unit: string },
  effort: Effort,
  withKeys = false,
): Promise<Row> {
  const pool = createVerificationPool({ workers: THREADS });
  const raw = sodiumThreads(signed.slice(0, signed.length / THREADS), THREADS);
  try {
    return await compare(
      place,
      signed.length,
      {
        name: 'ours',
        how: withKeys ? 'pool.areKeys(keys), pool.verify(jobs)' : 'pool.verify(jobs)',
        run: async () => {
          const keys = withKeys ? signed.map(([key]) => key) : [];
          const verdicts = await Promise.all([pool.areKeys(keys), pool.verify(signed)]);
          if (verdicts.flat().includes(false)) throw new Error('a key or a signature is wrong');
        },
      },
      [
        {
          name: `raw libsodium, ${THREADS} threads`,
          how: 'the same call in worker threads that hold their signatures already',
          run: () => raw.run(1),
        },
      ],
      effort,
    );
  } finally {
    await Promise.all([pool.close(), raw.close()]);
  }
}

function checkAll(verifier: Verifier, signed: readonly Signed[]): void {
  for (const [key, message, signature] of signed)
    if (!verifier.verify(key, message, signature)) throw new Error('a signature does not verify');
}

/** Verifications a second by OpenSSL's own measure. */
function opensslSpeed(): number {
  const { stdout } = spawnSync('openssl', ['speed', '-seconds', '1', 'ed25519']);
  const figures = /Ed25519\)\s+\S+\s+\S+\s+\S+\s+(\S+)/.exec(stdout?.toString() ?? '');
  return figures === null ? Number.NaN : Number(figures[1]);
}
