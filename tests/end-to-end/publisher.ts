import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Chain,
  type Entry,
  readGenesis,
  type Signer,
  signSubmission,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';
import { unwrap } from '../fixtures/builder.ts';
import type { Network } from './network.ts';

/** What a node answered to one submission. */
export interface Answer {
  readonly status: number;
  readonly body: {
    readonly id?: string;
    readonly code?: string;
    readonly detail?: string;
    readonly height?: number;
    readonly receipts?: readonly { readonly index: number; readonly proof: string }[];
  };
}

/** One record that was acknowledged as final: what a test must find again. */
export interface Acknowledged {
  readonly index: number;
  readonly proof: string;
  readonly document: Uint8Array;
}

/** A demo publisher of a network that sends single records by HTTP. */
export class Publisher {
  readonly #network: Network;
  readonly #chain: Chain;
  readonly #signer: Signer;
  readonly id = '11110000DEM000001C';
  readonly acknowledged: Acknowledged[] = [];

  constructor(network: Network) {
    this.#network = network;
    this.#chain = unwrap(
      readGenesis(new Uint8Array(readFileSync(join(network.home, 'genesis.cbor'))), nativeSuite),
    );
    const pem = readFileSync(join(network.home, 'keys', `${this.id}.pem`), 'utf8');
    const body = /KEY-----([\s\S]+?)-----END/.exec(pem)![1]!;
    this.#signer = nativeSigner(new Uint8Array(Buffer.from(body, 'base64').subarray(-32)));
  }

  /** The wire bytes of a submission that publishes one fresh document. */
  sign(document: Uint8Array, more: Partial<Entry> = {}): Uint8Array {
    const hash = nativeSuite.hasher.digest(document);
    const entry: Entry = {
      profile: 'policy',
      action: 'publish',
      subject: { issuer: this.id, id: Buffer.from(hash).toString('hex') },
      digest: { alg: 'sha256', hash },
      prev: null,
      links: [],
      meta: new Map(),
      origin: null,
      ...more,
    };
    const now = Date.now();
    return signSubmission(
      {
        genesis: this.#chain.hash,
        publisher: this.id,
        nonce: new Uint8Array(randomBytes(16)),
        issuedAt: now,
        expires: now + 3_600_000,
        entries: [entry],
      },
      this.#signer,
      nativeSuite.hasher,
    );
  }

  async post(node: number, wire: Uint8Array): Promise<Answer> {
    const response = await fetch(`${this.#network.nodes[node]!.url}/v1/submissions?wait=final`, {
      method: 'POST',
      headers: { 'content-type': 'application/cbor' },
      body: wire,
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  /** Publishes one fresh document through a node and remembers what was acknowledged. */
  async publish(node: number): Promise<Answer> {
    const document = new Uint8Array(randomBytes(64));
    const answer = await this.post(node, this.sign(document));
    this.remember(answer, document);
    return answer;
  }

  remember({ status, body }: Answer, document: Uint8Array): void {
    if (status !== 200) return;
    for (const { index, proof } of body.receipts ?? []) this.acknowledged.push({ index, proof, document });
  }

  /** Problems with what was acknowledged: receipts that do not verify offline, or records a node no longer has. */
  async problems(node: number): Promise<string[]> {
    const problems: string[] = [];
    for (const { index, proof, document } of this.acknowledged) {
      const digests = [{ alg: 'sha256' as const, hash: nativeSuite.hasher.digest(document) }];
      const options = { chain: this.#chain, suite: nativeSuite, digests };
      const verified = verifyReceipt(new TextEncoder().encode(proof), options);
      if (!verified.ok) problems.push(`receipt of ${index}: ${verified.fault.code}`);
      const held = await fetch(`${this.#network.nodes[node]!.url}/v1/records/${index}/receipt`);
      const again = verifyReceipt(new Uint8Array(await held.arrayBuffer()), options);
      if (!again.ok) problems.push(`record ${index} at node ${node}: ${held.status} ${again.fault.code}`);
    }
    return problems;
  }
}
