import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Signer } from '@qifeng/core';
import { nativeHasher, nativeSigner, nativeSuite } from '@qifeng/core/native';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, DEFAULT_TIMING } from '../consensus/config.ts';
import type { Message } from '../consensus/messages.ts';
import type { ToSign } from '../consensus/output.ts';
import { openGuardFile, writeBirthMarker } from '../storage/file-guard.ts';
import { type GuardedSigner, guardedSigner } from './signing.ts';
import { wireCodecs } from './wire/codecs.ts';
import { decodeGuard } from './wire/records.ts';
import { signedBytesOf } from './wire/signed-bytes.ts';

const genesis = new Uint8Array(32).fill(7);
const signed = signedBytesOf(genesis, nativeHasher, wireCodecs(genesis, nativeHasher));
const key = nativeSigner(new Uint8Array(32).fill(1));
const config: Config = {
  epoch: 0,
  validators: ['110000', '120000', '130000', '310000'],
  me: 0,
  votes: true,
  base: { height: 0, hash: '00'.repeat(32), timestamp: 0 },
  window: 8,
  depth: 4,
  term: 64,
  maxBatches: 1,
  maxBytes: 1,
  fill: 1,
  timing: DEFAULT_TIMING,
};
const hashOf = (fill: string): string => fill.repeat(64);
const vote = (kind: 'prepare' | 'commit', view: number, height: number, fill: string): ToSign => {
  return { type: 'vote', vote: { kind, epoch: 0, view, height, hash: hashOf(fill) } };
};
const cosignature = (height: number, time: number, text: string): ToSign => {
  return { type: 'cosignature', height, hash: hashOf('a'), text, time };
};
const viewChange = (newView: number): ToSign => {
  return { type: 'view-change', body: { epoch: 0, newView, high: null, checkpoint: null } };
};

let folder: string;
let refused: string[];
let path: string;
/** What the guard's file said at the time of each signature. */
let onDisk: Uint8Array[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qf-signing-'));
  path = join(folder, 'guard');
  writeBirthMarker(path);
  [refused, onDisk] = [[], []];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The signer of a process that starts now. */
function start(): GuardedSigner {
  const observed: Signer = {
    publicKey: key.publicKey,
    sign: message => {
      onDisk.push(openGuardFile(path).read()!);
      return key.sign(message);
    },
  };
  return guardedSigner(config, observed, signed, openGuardFile(path), (what, reason) =>
    refused.push(`${what.type}: ${reason}`),
  );
}

/** Whether a message carries the key's signature of what was to be signed. */
function isSigned(message: Message | undefined, what: ToSign): boolean {
  if (message?.type !== 'vote') return false;
  return nativeSuite.verifier.verify(key.publicKey, signed.of(what), message.vote.signature);
}

describe('what the guard refuses is not signed, and told', () => {
  const pairs: readonly (readonly [string, ToSign, ToSign, string])[] = [
    ['PREPARE', vote('prepare', 0, 1, 'a'), vote('prepare', 0, 1, 'b'), 'vote: prepare/0/1: signed '],
    ['COMMIT', vote('commit', 0, 1, 'a'), vote('commit', 0, 1, 'b'), 'vote: commit/0/1: signed '],
    ['vote below a view asked for', viewChange(2), vote('commit', 1, 1, 'a'), 'vote: '],
    ['VIEW-CHANGE', viewChange(2), viewChange(1), 'view-change: VIEW-CHANGE for 1 below the floor 2'],
    ['cosignature', cosignature(3, 9, 'a text'), cosignature(3, 9, 'another'), 'cosignature: '],
  ];

  it.each(pairs)('in one process: a second %s', (_name, first, second, reason) => {
    const signer = start();
    expect(signer.sign([first], 0)).toHaveLength(1);
    expect(signer.sign([second], 0)).toEqual([]);
    expect(refused).toEqual([expect.stringContaining(reason)]);
  });

  it.each(pairs)('after a restart: a second %s', (_name, first, second, reason) => {
    start().sign([first], 0);
    expect(start().sign([second], 0)).toEqual([]);
    expect(refused).toEqual([expect.stringContaining(reason)]);
  });

  it('beside others that are signed, after a restart', () => {
    const [good, bad, more] = [
      vote('prepare', 0, 1, 'a'),
      vote('prepare', 0, 1, 'b'),
      vote('prepare', 0, 2, 'c'),
    ];
    start().sign([good], 0);
    const messages = start().sign([good, bad, more], 0);
    expect(messages).toHaveLength(2);
    expect(messages.map((message, i) => isSigned(message, [good, more][i]!))).toEqual([true, true]);
    expect(refused).toHaveLength(1);
  });
});

describe('the file of the guard', () => {
  it('holds what is signed before there is a signature of it, and is written once for all of a step', () => {
    const all = [vote('prepare', 0, 1, 'a'), vote('prepare', 0, 2, 'b'), vote('commit', 0, 1, 'a')];
    const file = openGuardFile(path);
    const signer = guardedSigner(config, key, signed, file, () => {});
    const before = file.syncs;
    signer.sign(all, 0);
    expect(file.syncs - before).toBe(1);
    start().sign([vote('commit', 0, 2, 'b')], 0);
    expect(onDisk.map(bytes => [...decodeGuard(bytes).signed.keys()].sort())).toEqual([
      ['commit/0/1', 'commit/0/2', 'prepare/0/1', 'prepare/0/2'],
    ]);
  });

  it('stays as small as what can still conflict, however much was signed', () => {
    const signer = start();
    signer.sign([vote('prepare', 0, 1, 'a')], 0);
    const { length } = readFileSync(path);
    for (let height = 1; height <= 300; height++)
      signer.sign([vote('prepare', 0, height, 'a'), vote('commit', 0, height, 'a')], height - 8);
    expect(decodeGuard(openGuardFile(path).read()!).signed.size).toBeLessThanOrEqual(2 * 9);
    expect(readFileSync(path)).toHaveLength(length);
  });
});
