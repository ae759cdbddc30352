import { describe, expect, it } from 'vitest';
import { isEvidence } from '../consensus/evidence.ts';
import type { Evidence, Message } from '../consensus/messages.ts';
import { checkpointVote, makeBlock, makeConfig, proposal, vote } from '../consensus/testing/make.ts';
import { LateDoubles } from './late-doubles.ts';

const SIGNER = 2;
const STATE = { low: 100, config: makeConfig(), culprits: new Map<number, Evidence>() };
const at = (text: string): Message => ({ type: 'checkpoint-vote', vote: checkpointVote('1a', SIGNER, text) });
const said = (hash: string, view = 0): Message => vote('prepare', view, hash, SIGNER);
const voteOf = (message: Message) => (message as Message & { type: 'vote' }).vote;

/** A watch to which these signatures are forged, and what it had verified. */
function watch(isForged: (message: Message) => boolean = () => false) {
  const asked: Message[] = [];
  const doubles = new LateDoubles(async message => {
    asked.push(message);
    return !isForged(message);
  });
  const hear = async (...messages: readonly Message[]) => {
    const found = await Promise.all(messages.map(one => doubles.found(STATE, SIGNER, one)));
    return found.filter(evidence => evidence !== null);
  };
  return { asked, doubles, hear };
}

describe('two things that exclude each other, too late for the protocol,', () => {
  it.each([
    ['PREPAREs', said('1a'), said('1b')],
    ['COMMITs', vote('commit', 3, '1a', SIGNER), vote('commit', 3, '1b', SIGNER)],
    ['cosignatures', at('one'), at('other')],
  ])('are evidence: %s', async (_, first, second) => {
    const { hear } = watch();
    expect(await hear(first)).toEqual([]);
    const [evidence] = await hear(second);
    expect(isEvidence(makeConfig(), evidence!)).toBe(true);
  });

  it('are evidence where one is a proposal', async () => {
    const doubles = new LateDoubles(async () => true);
    await doubles.found(STATE, 0, proposal(0, makeBlock('1a', 'g')));
    const evidence = await doubles.found(STATE, 0, vote('prepare', 0, '1b', 0));
    expect(isEvidence(makeConfig(), evidence!)).toBe(true);
  });

  it('are evidence where another shows one of them', async () => {
    const { hear, doubles } = watch();
    await hear(said('1a'));
    const evidence = await doubles.found(STATE, 3, said('1b'));
    expect(isEvidence(makeConfig(), evidence!)).toBe(true);
  });

  it('are found among forged ones of the same place, and among statements elsewhere', async () => {
    const forged = (message: Message) => message.type === 'vote' && /[xyz]/.test(message.vote.hash);
    const { hear } = watch(forged);
    const others = Array.from({ length: 60 }, (_, i) => said(`${i + 2}a`));
    for (const one of [said('1x'), said('1a'), ...others, said('1y'), said('1z')])
      expect(await hear(one)).toEqual([]);
    expect(await hear(said('1b'))).toHaveLength(1);
  });
});

describe('no evidence is', () => {
  it.each([
    ['the same again', [said('1a'), said('1a')]],
    ['what is said in two views', [said('1a'), said('1b', 1)]],
    ['a PREPARE and a COMMIT', [said('1a'), vote('commit', 0, '1b', SIGNER)]],
    ['what is said at two heights', [said('1a'), said('2b')]],
    ['what is said in two epochs', [said('1a'), vote('prepare', 0, '1b', SIGNER, 1)]],
    ['what is said in another epoch', ['1a', '1b'].map(hash => vote('prepare', 0, hash, SIGNER, 1))],
    ['what another signed', [vote('prepare', 0, '1a', 1), vote('prepare', 0, '1b', 1)]],
    ['what is far ahead', [said('2000a'), said('2000b')]],
  ])('%s, and no signature is checked', async (_, messages) => {
    const { hear, asked } = watch();
    expect(await hear(...messages)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('what another shows where its signer said nothing itself, or one who is no validator does', async () => {
    const { hear, doubles, asked } = watch();
    for (const hash of ['1a', '1b']) expect(await doubles.found(STATE, 3, said(hash))).toBeNull();
    await hear(said('1a'));
    expect(await doubles.found(STATE, -1, said('1b'))).toBeNull();
    expect(asked).toEqual([]);
  });

  it('what its signer did not sign', async () => {
    const { hear } = watch(message => message.type === 'vote' && message.vote.hash === '1b');
    expect(await hear(said('1a'), said('1b'))).toEqual([]);
    const { hear: other } = watch(() => true);
    expect(await other(said('1a'), said('1b'), said('1c'), said('1d'))).toEqual([]);
  });

  it('what was said long ago', async () => {
    const { hear } = watch();
    await hear(said('1a'), ...Array.from({ length: 64 }, (_, i) => said(`${i + 2}a`)));
    expect(await hear(said('1b'))).toEqual([]);
  });
});

it('who is convicted is not looked at', async () => {
  const asked: Message[] = [];
  const doubles = new LateDoubles(async message => asked.push(message) > 0);
  const evidence: Evidence = {
    type: 'votes',
    first: voteOf(said('1a')),
    second: voteOf(said('1b')),
  };
  const state = { ...STATE, culprits: new Map([[SIGNER, evidence]]) };
  for (const one of [said('1a'), said('1b')]) expect(await doubles.found(state, SIGNER, one)).toBeNull();
  expect(asked).toEqual([]);
});

/** The same under another signature. */
function signed(message: Message, signature: number): Message {
  return { type: 'vote', vote: { ...voteOf(message), signature: new Uint8Array(64).fill(signature) } };
}

describe('nobody hides what excludes itself', () => {
  const [FORGED, SOUND, OTHER] = [7, 8, 9];
  const isForged = (message: Message) => voteOf(message).signature[0] === FORGED;
  const evil = ['1x', '1y', '1z'].map(hash => signed(said(hash), FORGED));
  const pair = ['1a', '1b'].map(hash => signed(said(hash), SOUND)) as [Message, Message];

  it.each([
    ['behind the same under a signature that does not hold', [signed(said('1a'), FORGED), ...pair]],
    ['behind the same under many that do', [1, 2, 3, 4].map(i => signed(said('1a'), i)).concat(pair[1])],
    ['among forged ones that fill the place', [pair[0], ...evil, pair[1]]],
    [
      'among so many that they fill it again',
      [pair[0], ...evil, ...evil.map(one => signed(said(`${voteOf(one).hash}x`), FORGED)), pair[1]],
    ],
  ])('%s, said one by one or at once', async (_, messages) => {
    const { hear } = watch(isForged);
    // Perhaps by two of those that waited for the same check.
    expect(await hear(...messages)).not.toEqual([]);
    const { hear: other } = watch(isForged);
    const found: Evidence[] = [];
    for (const one of messages) found.push(...(await other(one)));
    expect(found).toHaveLength(1);
    expect(isEvidence(makeConfig(), found[0]!)).toBe(true);
  });

  it('and the same under two signatures that hold is no evidence', async () => {
    const { hear } = watch(isForged);
    expect(await hear(pair[0], signed(said('1a'), OTHER), pair[0], signed(said('1a'), OTHER))).toEqual([]);
  });
});

describe('a flood in one place', () => {
  it('costs no more checks than it has statements, said one by one or at once', async () => {
    const flood = Array.from({ length: 200 }, (_, i) => said(`1-${i}`));
    const { hear, asked } = watch(() => true);
    for (const one of flood) await hear(one);
    expect(asked.length).toBeLessThanOrEqual(200);
    const { hear: other, asked: atOnce } = watch(() => true);
    await other(...flood);
    expect(atOnce.length).toBeLessThanOrEqual(200);
  });

  it('is waited for by whoever asked, until it is checked', async () => {
    let open = (_: boolean): void => {};
    const verdict = new Promise<boolean>(resolve => {
      open = resolve;
    });
    const doubles = new LateDoubles(() => verdict);
    await doubles.found(STATE, SIGNER, said('1a'));
    let answered = 0;
    const asked = ['1b', '1c', '1d', '1e', '1f'].map(hash =>
      doubles.found(STATE, SIGNER, said(hash)).then(() => answered++),
    );
    await new Promise(setImmediate);
    expect(answered).toBe(0);
    open(false);
    await Promise.all(asked);
    expect(answered).toBe(5);
  });
});
