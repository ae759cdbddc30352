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
  /** Of what was acknowledged, how much has been verified as it was given. */
  #verified = 0;

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
    for (const [i, given] of this.acknowledged.entries()) {
      const { index, proof } = given;
      // What was given stays what it is, whichever node is asked next.
      if (i >= this.#verified) {
        const fault = this.#fault(given, new TextEncoder().encode(proof));
        if (fault !== null) return [`receipt of ${index}: ${fault}`];
        this.#verified = i + 1;
      }
      const held = await fetch(`${this.#network.nodes[node]!.url}/v1/records/${index}/receipt`);
      const fault = this.#fault(given, new Uint8Array(await held.arrayBuffer()));
      if (fault !== null) problems.push(`record ${index} at node ${node}: ${held.status} ${fault}`);
    }
    return problems;
  }

  /** The code of what is wrong with a receipt of an acknowledged record, null if nothing is. */
  #fault({ document }: Acknowledged, receipt: Uint8Array): string | null {
    const digests = [{ alg: 'sha256' as const, hash: nativeSuite.hasher.digest(document) }];
    const verified = verifyReceipt(receipt, { chain: this.#chain, suite: nativeSuite, digests });
    return verified.ok ? null : verified.fault.code;
  }
}
