import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  decodeSubmission,
  type Header,
  type Profile,
  type Submission,
  submissionFromJson,
  submissionToJson,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { profileFromJson } from '../../packages/core/src/records/profile-json.ts';
import { type WireCodecs, wireCodecs } from '../../packages/node/src/engine/wire/codecs.ts';
import { unwrap } from '../fixtures/builder.ts';
import type { EpochLedger } from '../fixtures/epoch-ledger.ts';
import { epochsLedger } from '../fixtures/epochs.ts';

/** What samples are made of: one ledger of six epochs. */
export interface World {
  readonly ledger: EpochLedger;
  readonly codecs: WireCodecs;
  /** The first submission, and its wire bytes. */
  readonly submission: Submission;
  readonly wire: Uint8Array;
  readonly header: Header;
  /** A profile in JSON, and read. */
  readonly profileJson: string;
  readonly profile: Profile;
}

/** Makes the world of the samples. */
export function fuzzWorld(): World {
  const ledger = epochsLedger();
  const [first] = ledger.blocks;
  const wire = unwrap(submissionFromJson(submissionToJson(first!.submission)));
  const profileJson = readFileSync(
    fileURLToPath(new URL('../../seeds/profiles/policy.json', import.meta.url)),
    'utf8',
  );
  return {
    ledger,
    codecs: wireCodecs(ledger.chain.hash, nativeSuite.hasher),
    submission: unwrap(decodeSubmission(wire, nativeSuite.hasher)),
    wire,
    header: first!.header,
    profileJson,
    profile: unwrap(profileFromJson(profileJson)),
  };
}
