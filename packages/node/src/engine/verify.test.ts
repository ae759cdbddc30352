import { cosignedMessage, formatCheckpoint, MAX_COSIGNATURE_TIME } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { afterAll, describe, expect, it } from 'vitest';
import { testChain, testKey } from '../../../../tests/fixtures/builder.ts';
import type {
  CheckpointCertificate,
  CheckpointVote,
  Message,
  NewView,
  ViewChange,
  VoteCertificate,
  VoteKind,
} from '../consensus/messages.ts';
import { createVerificationPool } from '../verification/pool.ts';
import { messageVerifier } from './verify.ts';
import { wireCodecs } from './wire/codecs.ts';
import { frameCodec } from './wire/frames.ts';
import { signedBytesOf } from './wire/signed-bytes.ts';

const chain = testChain();
const codecs = wireCodecs(chain.hash, nativeSuite.hasher);
const signed = signedBytesOf(chain.hash, nativeSuite.hasher, codecs);
const pool = createVerificationPool({ workers: 1 });
afterAll(() => pool.close());

/** Sets of four: that of epoch 0 is the one that is asked, q = 3. */
const SETS = [0, 1].map(epoch => [0, 1, 2, 3].map(position => testKey(`epoch ${epoch} seat ${position}`)));
const keys = SETS[0]!.map(({ publicKey }) => publicKey);
const HASH = 'ab'.repeat(32);
const Q = [0, 1, 2];

const sign = (set: number, signer: number, message: Uint8Array) => SETS[set]![signer]!.sign(message);

/** A certificate as the set says it, for what `said` names, under the name of `claimed`. */
function certificate(
  kind: VoteKind,
  { epoch = 0, view = 0, height = 7, set = 0 } = {},
  signers: readonly number[] = Q,
): VoteCertificate {
  const message = signed.vote(kind, epoch, view, height, HASH);
  const signatures = signers.map(signer => ({ signer, signature: sign(set, signer, message) }));
  return { kind, epoch, view, height, hash: HASH, signatures };
}

function textOf({ height = 7, epoch = 0, origin = chain.origin } = {}): string {
  const root = new Uint8Array(32).fill(1);
  const blockHash = new Uint8Array(32).fill(0xab);
  return formatCheckpoint({ origin, size: 5, root, height, blockHash, stateRoot: root, epoch });
}

function checkpointVote(text: string, given: Partial<CheckpointVote> = {}): CheckpointVote {
  const signature = sign(0, 0, cosignedMessage(text, 9));
  return { epoch: 0, height: 7, hash: HASH, text, signer: 0, time: 9, signature, ...given };
}

function checkpoint(
  text = textOf(),
  given: Partial<CheckpointCertificate> = {},
  signers: readonly number[] = Q,
  set = 0,
): CheckpointCertificate {
  const signatures = signers.map(signer => {
    return { signer, time: 9, signature: sign(set, signer, cosignedMessage(text, 9)) };
  });
  return { epoch: 0, height: 7, hash: HASH, text, signatures, ...given };
}

function viewChange(signer: number, given: Partial<ViewChange> = {}): ViewChange {
  const body = { epoch: 0, newView: 1, high: null, checkpoint: null, ...given };
  return { ...body, signer, signature: sign(0, signer, signed.viewChange(body)) };
}

function newView(viewChanges: readonly ViewChange[]): NewView {
  const body = { epoch: 0, view: 1, viewChanges };
  return { ...body, signer: 1, signature: sign(0, 1, signed.newView(body)) };
}

/** What a fresh verifier of epoch 0 says. */
function verify(message: Message): Promise<boolean> {
  return messageVerifier(chain, 0, keys, signed, pool).verify(message);
}
const commits = (of: VoteCertificate) => verify({ type: 'commit-certificate', certificate: of });
const cosigns = (of: CheckpointCertificate) => verify({ type: 'checkpoint-certificate', certificate: of });
const asks = (of: ViewChange) => verify({ type: 'view-change', viewChange: of });
const enters = (of: NewView) => verify({ type: 'new-view', newView: of });

describe('a verifier', () => {
  it('checks each signature once, however many certificates carry it and however much comes between', async () => {
    const asked: number[] = [];
    const counting = {
      ...pool,
      verify: (jobs: Parameters<typeof pool.verify>[0]) => {
        asked.push(jobs.length);
        return pool.verify(jobs);
      },
    };
    const verifier = messageVerifier(chain, 0, keys, signed, counting);
    const nested = { high: certificate('prepare'), checkpoint: checkpoint() };
    const message = {
      type: 'new-view',
      newView: newView(Q.map(signer => viewChange(signer, nested))),
    } as const;
    expect(await verifier.verify(message)).toBe(true);
    for (let height = 10; height < 360; height++) {
      const one = certificate('commit', { height });
      expect(await verifier.verify({ type: 'commit-certificate', certificate: one })).toBe(true);
    }
    expect(await verifier.verify(message)).toBe(true);
    // NEW-VIEW, three VIEW-CHANGEs, three PREPAREs, three cosignatures; and the others' own.
    expect(asked).toEqual([10, ...Array.from({ length: 350 }, () => 3)]);
  });

  it('checks a signature once that comes again while it is being checked, and tells each who asked', async () => {
    const asked: number[] = [];
    const slow = {
      ...pool,
      verify: async (jobs: Parameters<typeof pool.verify>[0]) => {
        asked.push(jobs.length);
        await new Promise(resolve => setTimeout(resolve, 20));
        return pool.verify(jobs);
      },
    };
    const verifier = messageVerifier(chain, 0, keys, signed, slow);
    const ask = (of: VoteCertificate) => verifier.verify({ type: 'commit-certificate', certificate: of });
    const sound = certificate('commit', {}, [0, 1, 2, 3]);
    const [first, ...others] = sound.signatures;
    const forged = { ...sound, signatures: [{ ...first!, signature: others[0]!.signature }, ...others] };
    expect(await Promise.all([ask(sound), ask(forged), ask(sound), ask(forged)])).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(asked).toEqual([4, 1]);
    // What was wrong is not remembered, and spoils nothing that was right.
    expect([await ask(forged), await ask(sound)]).toEqual([false, true]);
    expect(asked).toEqual([4, 1, 1]);
  });

  it('checks again what the pool gave no verdict on', async () => {
    let broken = true;
    const breaking = {
      ...pool,
      verify: (jobs: Parameters<typeof pool.verify>[0]) =>
        broken ? Promise.reject(new Error('a worker died')) : pool.verify(jobs),
    };
    const verifier = messageVerifier(chain, 0, keys, signed, breaking);
    const ask = () => verifier.verify({ type: 'commit-certificate', certificate: certificate('commit') });
    await expect(ask()).rejects.toThrow('a worker died');
    broken = false;
    expect(await ask()).toBe(true);
  });
});

describe('a message', () => {
  it('is taken as its signers made it', async () => {
    const nested = { high: certificate('prepare'), checkpoint: checkpoint() };
    expect(await commits(certificate('commit'))).toBe(true);
    expect(await cosigns(checkpoint())).toBe(true);
    expect(await verify({ type: 'checkpoint-vote', vote: checkpointVote(textOf()) })).toBe(true);
    expect(await asks(viewChange(2, nested))).toBe(true);
    expect(await enters(newView([viewChange(0), viewChange(2, nested), viewChange(3)]))).toBe(true);
  });

  it('PREPAREs bear out no commit certificate, whatever it calls them', async () => {
    expect(await commits(certificate('prepare'))).toBe(false);
    expect(await commits({ ...certificate('prepare'), kind: 'commit' })).toBe(false);
    expect(await commits({ ...certificate('commit'), kind: 'prepare' })).toBe(false);
    expect(await asks(viewChange(2, { high: certificate('commit') }))).toBe(false);
  });

  it('a prepared proof is bound to its view and height', async () => {
    const high = certificate('prepare');
    expect(await asks(viewChange(2, { newView: 5, high }))).toBe(true);
    for (const moved of [{ view: 1 }, { height: 8 }])
      expect(await asks(viewChange(2, { newView: 5, high: { ...high, ...moved } }))).toBe(false);
  });

  it('a certificate counts signers, not signatures', async () => {
    for (const signers of [
      [0, 1],
      [0, 1, 1],
      [0, 1, 2, 2],
      [2, 1, 0],
      [0, 0, 0],
    ]) {
      expect(await commits(certificate('commit', {}, signers))).toBe(false);
      expect(await cosigns(checkpoint(textOf(), {}, signers))).toBe(false);
    }
  });

  it('every signature of a certificate is checked, also those beyond the first q', async () => {
    const whole = certificate('commit', {}, [0, 1, 2, 3]);
    expect(await commits(whole)).toBe(true);
    const forged = { signer: 3, signature: sign(1, 3, new Uint8Array(1)) };
    expect(await commits({ ...whole, signatures: [...whole.signatures.slice(0, 3), forged] })).toBe(false);
  });

  it('an envelope says the height, block, epoch and chain that its text says', async () => {
    for (const text of [textOf({ height: 8 }), textOf({ epoch: 1 }), textOf({ origin: 'x.example/1' })]) {
      expect(await verify({ type: 'checkpoint-vote', vote: checkpointVote(text) })).toBe(false);
      expect(await cosigns(checkpoint(text))).toBe(false);
    }
    const other = { hash: 'cd'.repeat(32) };
    expect(await verify({ type: 'checkpoint-vote', vote: checkpointVote(textOf(), other) })).toBe(false);
    expect(await cosigns(checkpoint(textOf(), other))).toBe(false);
  });

  it("of another epoch is refused, by whichever epoch's keys it is signed", async () => {
    for (const set of [0, 1]) {
      expect(await commits(certificate('commit', { epoch: 1, set }))).toBe(false);
      expect(await cosigns(checkpoint(textOf({ epoch: 1 }), { epoch: 1 }, Q, set))).toBe(false);
    }
    expect(await commits(certificate('commit', { set: 1 }))).toBe(false);
  });

  it('brings no certificate of another epoch within it', async () => {
    const high = certificate('prepare', { epoch: 1 });
    expect(await asks(viewChange(2, { high }))).toBe(false);
    const final = checkpoint(textOf({ epoch: 1 }), { epoch: 1 });
    expect(await asks(viewChange(2, { checkpoint: final }))).toBe(false);
    expect(await enters(newView([viewChange(0), viewChange(2, { high }), viewChange(3)]))).toBe(false);
  });

  it('a NEW-VIEW stands on VIEW-CHANGEs for its own view and epoch, one a signer', async () => {
    const good = [viewChange(0), viewChange(2)];
    expect(await enters(newView([...good, viewChange(3, { newView: 2 })]))).toBe(false);
    expect(await enters(newView([...good, viewChange(3, { epoch: 1 })]))).toBe(false);
    expect(await enters(newView([...good, viewChange(2)]))).toBe(false);
    expect(await enters(newView([...good, { ...viewChange(3), signer: 1 }]))).toBe(false);
  });
});

describe('whatever the decoder takes', () => {
  const frames = frameCodec(codecs);
  /** Every number of a message, one after the other, as `extreme`. */
  function* withNumber(value: unknown, extreme: number): Generator<unknown> {
    if (typeof value === 'number') yield extreme;
    else if (Array.isArray(value))
      for (const [i, one] of value.entries())
        for (const changed of withNumber(one, extreme)) yield value.with(i, changed);
    else if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array))
      for (const [name, one] of Object.entries(value))
        for (const changed of withNumber(one, extreme)) yield { ...value, [name]: changed };
  }
  const vote = certificate('commit');
  const { signatures: _, ...bare } = vote;
  const signedVote = { ...bare, ...vote.signatures[0]! };
  const change = viewChange(2, { high: certificate('prepare'), checkpoint: checkpoint() });
  const messages: readonly Message[] = [
    { type: 'vote', vote: signedVote },
    { type: 'checkpoint-vote', vote: checkpointVote(textOf()) },
    { type: 'commit-certificate', certificate: vote },
    { type: 'checkpoint-certificate', certificate: checkpoint() },
    { type: 'view-change', viewChange: change },
    { type: 'new-view', newView: newView([change]) },
    { type: 'evidence', evidence: { type: 'votes', first: signedVote, second: signedVote } },
    {
      type: 'evidence',
      evidence: { type: 'checkpoints', first: checkpointVote(textOf()), second: checkpointVote(textOf()) },
    },
  ];

  it.each(messages)('a verdict is given on a $type with any number in it, never an error', async message => {
    const extremes = [0, MAX_COSIGNATURE_TIME, MAX_COSIGNATURE_TIME + 1, Number.MAX_SAFE_INTEGER];
    let taken = 0;
    for (const extreme of extremes)
      for (const changed of withNumber(message, extreme)) {
        let bytes: Uint8Array;
        try {
          bytes = frames.encode({ type: 'message', message: changed as Message });
        } catch {
          // No encoder writes it, so no decoder reads it.
          continue;
        }
        const frame = frames.decode(bytes);
        if (!frame.ok || frame.value.type !== 'message') throw new Error('what was written is read');
        taken++;
        expect(typeof (await verify(frame.value.message))).toBe('boolean');
      }
    expect(taken).toBeGreaterThan(extremes.length);
  });
});
