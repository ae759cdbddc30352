import { createPrivateKey, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Chain, type Entry, isUscc, type Signer, signSubmission } from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';
import { fault } from '../complaints.ts';

/** How long a submission that changes the members may take to become final, ms: several views may fail on the way. */
const VALID_MS = 600_000;

/** Who carries a change to the ledger; its authority is in the approvals. */
export interface Carrier {
  readonly id: string;
  readonly signer: Signer;
}

/** The publisher whose key is in a file: PKCS#8 in PEM, plain or encrypted; the uscc is given, or the file's name. */
export function readCarrier(file: string, uscc: string | undefined, passphrase: string | undefined): Carrier {
  const id = uscc ?? basename(file, '.pem');
  if (!isUscc(id)) throw fault('no-carrier', file);
  try {
    const key = createPrivateKey({
      key: readFileSync(file, 'utf8'),
      ...(passphrase !== undefined && { passphrase }),
    });
    return { id, signer: nativeSigner(key) };
  } catch (error) {
    throw fault('bad-carrier-key', file, (error as Error).message);
  }
}

/** Records an entry and waits until it is final. Throws with the ledger's refusal, or when no answer comes. */
export async function recordFinally(
  url: string,
  chain: Chain,
  { id, signer }: Carrier,
  entry: Entry,
): Promise<{ readonly height: number }> {
  const issuedAt = Date.now();
  const draft = {
    genesis: chain.hash,
    publisher: id,
    nonce: new Uint8Array(randomBytes(16)),
    issuedAt,
    expires: issuedAt + VALID_MS,
    entries: [entry],
  };
  const wire = signSubmission(draft, signer, nativeSuite.hasher);
  for (;;) {
    const response = await fetch(`${url}/v1/submissions?wait=final`, {
      method: 'POST',
      headers: { 'content-type': 'application/cbor' },
      body: wire as Uint8Array<ArrayBuffer>,
    });
    const answer = (await response.json()) as { height: number; code?: string; detail?: string };
    if (response.status === 200) return answer;
    // The same bytes again: they are queued, and recorded once.
    if (response.status === 503 && Date.now() < issuedAt + VALID_MS) continue;
    throw fault('change-refused', answer.code ?? String(response.status), answer.detail ?? '');
  }
}
