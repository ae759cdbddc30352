import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Chain,
  type Entry,
  readGenesis,
  type Signer,
  type SubmissionDraft,
  signSubmission,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';
import { unwrap } from '../fixtures/builder.ts';
import type { Network } from './network.ts';

/** What a node answered to one submission. */
export interface Answer {
  readonly status: number;
  /** The media type of the answer. */
  readonly type: string;
  readonly body: {
    readonly id?: string;
    readonly code?: string;
    readonly entry?: number | null;
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

/** The header fields that a test may set otherwise, and who signs. */
export type Signing = Partial<SubmissionDraft> & { readonly signer?: Signer };

/** A demo publisher of a network that sends single records by HTTP. */
export class Publisher {
  readonly #network: Network;
  readonly #chain: Chain;
  readonly #signer: Signer;
  readonly id: string;
  readonly acknowledged: Acknowledged[] = [];

  constructor(network: Network, id = '11110000DEM000001C') {
    this.#network = network;
    this.id = id;
    this.#chain = unwrap(
      readGenesis(new Uint8Array(readFileSync(join(network.home, 'genesis.cbor'))), nativeSuite),
    );
    const pem = readFileSync(join(network.home, 'keys', `${this.id}.pem`), 'utf8');
    const body = /KEY-----([\s\S]+?)-----END/.exec(pem)![1]!;
    this.#signer = nativeSigner(new Uint8Array(Buffer.from(body, 'base64').subarray(-32)));
  }

  /** The wire bytes of a submission that publishes one fresh document. */
  sign(document: Uint8Array, more: Partial<Entry> = {}): Uint8Array {
    return this.signAll([this.entry(document, more)]);
  }

  /** The entry that publishes a document. */
  entry(document: Uint8Array, more: Partial<Entry> = {}): Entry {
    const hash = nativeSuite.hasher.digest(document);
    return {
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
  }

  /** The wire bytes of a submission of some entries. */
  signAll(entries: readonly Entry[], { signer = this.#signer, ...more }: Signing = {}): Uint8Array {
    const now = Date.now();
    return signSubmission(
      {
        genesis: this.#chain.hash,
        publisher: this.id,
        nonce: new Uint8Array(randomBytes(16)),
        issuedAt: now,
        expires: now + 3_600_000,
        entries,
        ...more,
      },
      signer,
      nativeSuite.hasher,
    );
  }

  async post(node: number, wire: Uint8Array | string): Promise<Answer> {
    const form = typeof wire === 'string' ? 'json' : 'cbor';
    const response = await fetch(`${this.#network.nodes[node]!.url}/v1/submissions?wait=final`, {
      method: 'POST',
      headers: { 'content-type': `application/${form}` },
      body: wire,
    });
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, body: (await response.json()) as Answer['body'] };
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
