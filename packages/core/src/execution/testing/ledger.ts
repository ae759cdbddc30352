import { type Hasher, portableHasher } from '../../crypto/hasher.ts';
import { portableSigner } from '../../crypto/portable-signer.ts';
import { portableSuite } from '../../crypto/suite.ts';
import { toHex } from '../../encoding/bytes.ts';
import { decode, encode } from '../../encoding/codec.ts';
import type { Result } from '../../encoding/result.ts';
import { toUtf8 } from '../../encoding/utf8.ts';
import type { Header } from '../../ledger/block.ts';
import {
  type Chain,
  DEFAULT_PARAMETERS,
  type Genesis,
  genesisCodec,
  readGenesis,
} from '../../ledger/genesis.ts';
import { memoryNodeStore } from '../../merkle/map-store.ts';
import { mapRoot, updateMap } from '../../merkle/map-tree.ts';
import { oracleRoot, sha256, sorted, testHash } from '../../merkle/testing/map-oracle.ts';
import type { Entry } from '../../records/entry.ts';
import type { Profile } from '../../records/profile.ts';
import { stateName, submissionValueCodec } from '../../records/state.ts';
import {
  decodeSubmission,
  type Submission,
  type SubmissionDraft,
  signSubmission,
} from '../../records/submission.ts';
import { executeBlock } from '../execute.ts';
import { genesisState } from '../genesis-state.ts';
import type { BlockResult, NamedValue, StateView } from '../types.ts';
import { PROFILES } from './profiles.ts';

/** Genesis time of the test chain, ms. */
export const TIME = 1_600_000_000_000;
/** Two publishers of Beijing, one of Tianjin that may use `note` only, and one that is not enrolled. */
export const [A, B, C, STRANGER] = [
  '11100000000013338W',
  '11430000006122244L',
  '11110000000021135M',
  '91110108551385082Q',
] as const;

/** What a block does that changes nothing. */
export const NOTHING: BlockResult = {
  leaves: [],
  records: [],
  changes: [],
  outcomes: [],
  rows: [],
  dropped: [],
  closes: false,
};

/** The value of a result that cannot be a fault here. */
export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

/** Key `n` of a publisher: 32 bytes, as execution compares keys and no more. */
export function keyOf(publisher: string, n = 0): Uint8Array {
  return portableHasher.digest(toUtf8(`${publisher} ${n}`));
}

/** A chain of one validator with these profiles and the publishers above. */
export function testChain(profiles: readonly Profile[] = PROFILES): Chain {
  const publisher = (id: string, home: string, names: readonly string[]) => ({
    id,
    name: `演示 ${id}`,
    home,
    keys: [keyOf(id), keyOf(id, 1)],
    roles: names.map(profile => ({ profile, role: 'issuer' as const })),
    quota: 0,
  });
  const only = profiles.slice(0, 1).map(({ name }) => name);
  const genesis: Genesis = {
    v: 1,
    name: 'test',
    originPrefix: 'test.qifeng.example',
    suite: 'ed25519-sha256',
    created: TIME,
    members: [
      {
        code: '110000',
        nameZh: '北京市',
        nameEn: 'Beijing',
        validatorKey: portableSigner(new Uint8Array(32).fill(1)).publicKey,
        logKey: portableSigner(new Uint8Array(32).fill(2)).publicKey,
        p2pKey: new Uint8Array(36),
        addresses: ['/ip4/127.0.0.1/tcp/8201'],
        validator: true,
      },
      {
        code: '120000',
        nameZh: '天津市',
        nameEn: 'Tianjin',
        validatorKey: null,
        logKey: null,
        p2pKey: null,
        addresses: ['/ip4/127.0.0.1/tcp/8202'],
        validator: false,
      },
    ],
    publishers: [publisher(A, '110000', []), publisher(C, '120000', only), publisher(B, '110000', [])].sort(
      (x, y) => (x.id < y.id ? -1 : 1),
    ),
    profiles,
    parameters: DEFAULT_PARAMETERS,
  };
  return unwrap(readGenesis(encode(genesisCodec, genesis), portableSuite));
}

/** An entry: a first `open` of A's `note` with this id, but for what is given. */
export function entry(id: string, over: Partial<Entry> = {}): Entry {
  return {
    profile: 'note',
    action: 'open',
    subject: { issuer: A, id },
    digest: null,
    prev: null,
    links: [],
    meta: new Map(),
    origin: null,
    ...over,
  };
}

let nonces = 0;

/** A submission by A with entries, decoded from its bytes; the signature is nobody's: execution checks none. */
export function submission(
  chain: Chain,
  entries: readonly Entry[],
  over: Partial<SubmissionDraft> & { readonly key?: Uint8Array } = {},
  hasher: Hasher = portableHasher,
): Submission {
  const { key, ...rest } = over;
  const publisher = over.publisher ?? A;
  const nonce = new Uint8Array(16);
  new DataView(nonce.buffer).setUint32(0, ++nonces);
  const draft = { genesis: chain.hash, publisher, nonce, issuedAt: TIME, expires: TIME + 60_000, entries };
  const signer = { publicKey: key ?? keyOf(publisher), sign: () => new Uint8Array(64) };
  return unwrap(decodeSubmission(signSubmission({ ...draft, ...rest }, signer, hasher), hasher));
}

/** Header of a block at a height, `after` ms after the genesis. */
export function header(chain: Chain, height: number, after = height * 100): Header {
  return {
    v: 1,
    genesis: chain.hash,
    height,
    parent: chain.hash,
    proposer: '110000',
    epoch: 0,
    timestamp: TIME + after,
    batches: [],
    barrier: false,
  };
}

/** The root of values by the definition of the map, word for word, whatever led to them. */
export function rootOfValues(values: Iterable<NamedValue<Uint8Array>>): Uint8Array {
  return oracleRoot([...values].map(([name, value]) => [sha256(name), sha256(value)]));
}

/** A ledger of nothing but plain values, for tests of what entries mean. */
export class PlainLedger implements StateView {
  readonly chain: Chain;
  readonly hasher: Hasher;
  readonly verifier = portableSuite.verifier;
  readonly values = new Map<string, NamedValue<Uint8Array>>();
  readonly leaves: Uint8Array[] = [];
  readonly #pages = memoryNodeStore();
  /** Changes that the pages lack. */
  readonly #unrooted: (readonly NamedValue[])[] = [];
  height = 0;

  constructor(chain: Chain = testChain(), hasher: Hasher = portableHasher) {
    this.chain = chain;
    this.hasher = hasher;
    this.put(genesisState(chain));
  }

  /** Takes changes of values as those of one block. */
  put(changes: readonly NamedValue[]): void {
    for (const [name, value] of changes) {
      if (value === null) this.values.delete(toHex(name));
      else this.values.set(toHex(name), [name, value]);
    }
    this.#unrooted.push(changes);
  }

  /** The state root as a node comes to it: by the pages of the map, from one block's changes after another's. */
  root(): Uint8Array {
    for (const changes of this.#unrooted.splice(0)) {
      const hashed = changes.map(([name, value]) => [sha256(name), value && sha256(value)] as const);
      this.#pages.apply(updateMap(testHash, this.#pages, sorted(hashed)));
    }
    return mapRoot(testHash, this.#pages);
  }

  value(name: Uint8Array): Uint8Array | null {
    return this.values.get(toHex(name))?.[1] ?? null;
  }

  expired(until: number): Uint8Array[] {
    const found = this.remembered().filter(({ expires }) => expires <= until);
    return found
      .sort((a, b) => a.expires - b.expires || (toHex(a.id) < toHex(b.id) ? -1 : 1))
      .map(({ id }) => id);
  }

  /** What the replay memory holds. */
  remembered(): { readonly id: Uint8Array; readonly expires: number }[] {
    return [...this.values.values()].flatMap(([name, value]) => {
      const id = name.slice(-32);
      if (toHex(name) !== toHex(stateName('submission', id))) return [];
      return { id, expires: unwrap(decode(submissionValueCodec, value)).expires };
    });
  }

  /** Executes and stores the next block, `after` ms after the genesis. */
  run(submissions: readonly Submission[], after?: number): BlockResult {
    const firstIndex = this.leaves.length;
    const block = { header: header(this.chain, ++this.height, after), firstIndex, submissions };
    const result = executeBlock(block, this, this);
    this.put(result.changes);
    this.leaves.push(...result.leaves);
    return result;
  }

  /** The same for one submission of these entries by A, or by `over.publisher`. */
  submit(entries: readonly Entry[], over: Partial<SubmissionDraft> = {}): BlockResult {
    return this.run([submission(this.chain, entries, over)]);
  }
}
