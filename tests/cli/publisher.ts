import { createHash, createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  encode,
  type Genesis,
  genesisCodec,
  type Profile,
  profileFromJson,
  verifyReceipt,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { PUBLISHER, testChain, testGenesis, unwrap } from '../fixtures/builder.ts';
import { Workplace } from './harness.ts';
import { Ledger } from './ledger.ts';
import { LedgerServer } from './ledger-server.ts';

/** A publisher's home with its genesis and default key, and a node to send to. */
export class Publisher {
  readonly place = new Workplace();
  readonly ledger: Ledger;
  server!: LedgerServer;

  private constructor(genesis: Genesis) {
    this.ledger = new Ledger(testChain(genesis));
  }

  static async make(genesis: Genesis = testGenesis()): Promise<Publisher> {
    const made = new Publisher(genesis);
    made.server = await LedgerServer.start(made.ledger);
    const { place } = made;
    mkdirSync(place.path('.qifeng/keys'), { recursive: true });
    writeFileSync(place.path('.qifeng/genesis.cbor'), encode(genesisCodec, genesis));
    writeFileSync(place.path(`.qifeng/keys/${PUBLISHER}.pem`), publisherPem(), { mode: 0o600 });
    writeFileSync(place.path('.qifeng/default-key'), `${PUBLISHER}.pem\n`);
    writeFileSync(
      place.path('.qifeng/cluster.json'),
      JSON.stringify([{ member: '110000', pid: 1, url: made.server.url, home: 'x' }]),
    );
    made.write('paper.md');
    return made;
  }

  /** Files by name with their name as content. */
  write(...names: readonly string[]): void {
    for (const name of names) writeFileSync(this.place.path(name), `content of ${name}`);
  }

  /** Whether the file's receipt verifies for it; its log index, else null. */
  proven(name: string, receipt = `${name}.tlog-proof`): number | null {
    const hash = new Uint8Array(
      createHash('sha256')
        .update(readFileSync(this.place.path(name)))
        .digest(),
    );
    const verified = verifyReceipt(readFileSync(this.place.path(receipt)), {
      chain: this.ledger.chain,
      suite: nativeSuite,
      digests: [{ alg: 'sha256', hash }],
    });
    return verified.ok ? verified.value.index : null;
  }

  journal(): string {
    return readFileSync(this.place.path('.qifeng/stamp-journal'), 'utf8');
  }

  async remove(): Promise<void> {
    await this.server.stop();
    this.place.remove();
  }
}

/** A profile of the seeds. */
export function seedProfile(name: string): Profile {
  const json = readFileSync(new URL(`../../seeds/profiles/${name}.json`, import.meta.url), 'utf8');
  return unwrap(profileFromJson(json));
}

/** The PEM of the key that the fixture's genesis enrols. */
export function publisherPem(): string {
  const seed = createHash('sha256').update('qifeng fixture key publisher').digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return String(
    createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' }),
  );
}
