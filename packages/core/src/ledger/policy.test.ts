import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableHasher } from '../crypto/hasher.ts';
import { concat, fromHex, toHex, u64 } from '../encoding/bytes.ts';
import { toUtf8 } from '../encoding/utf8.ts';
import { cosignedMessage, cosignerName, makeCosignature } from './cosignature.ts';
import { type NoteSignature, parseNote } from './note.ts';
import { evaluatePolicy, formatPolicy, isQuorum, parsePolicy } from './policy.ts';
import {
  bytes32,
  codeOf,
  keyNames,
  keyPair,
  mutated,
  nodeVerifier,
  ownVectors,
  unwrap,
  vectors,
} from './testing/c2sp-vectors.ts';
import { formatVerifierKey, makeVerifierKey, TYPE_COSIGNATURE, TYPE_ED25519 } from './vkey.ts';

const parse = (text: string) => parsePolicy(toUtf8(text), portableHasher, nodeVerifier);
const keyOf = (letter: string) => new Uint8Array(32).fill(letter.charCodeAt(0));
const log = (letter: string) =>
  formatVerifierKey(makeVerifierKey('example.com/log', TYPE_ED25519, keyOf(letter), portableHasher));
const witness = (letter: string) =>
  formatVerifierKey(makeVerifierKey('example.com/w', TYPE_COSIGNATURE, keyOf(letter), portableHasher));
const filled = (policy: string) =>
  policy.replace(/(log|witness \S+) <([A-Z])>/g, (_, head, letter) =>
    head === 'log' ? `${head} ${log(letter)}` : `${head} ${witness(letter)}`,
  );

describe('policies of sigsum', () => {
  const { valid, quorums, invalid } = vectors.sigsumPolicies;
  const policy = unwrap(parse(filled(valid)));

  it('reads the example', () => {
    expect(policy.logs.map(({ url }) => url)).toEqual(['http://sigsum.example.org', null, null]);
    expect(policy.witnesses.map(({ name, url }) => [name, url]).slice(0, 2)).toEqual([
      ['W1', 'http://w1'],
      ['W2', null],
    ]);
    expect(policy.groups).toEqual([
      { name: 'G1', threshold: 1, members: ['W1', 'W2'] },
      { name: 'G2', threshold: 2, members: ['W3', 'W4', 'W5'] },
      { name: 'G3', threshold: 2, members: ['G1', 'G2'] },
    ]);
    expect(policy.quorum).toBe('G3');
  });

  it.each(quorums)('the witnesses %j suffice: %s', (witnesses, sufficient) => {
    expect(isQuorum(policy, new Set(witnesses.map(i => `W${i}`)))).toBe(sufficient);
  });

  it.each(invalid)('refuses $name', ({ policy, code }) => {
    expect(codeOf(parse(filled(policy)))).toBe(code);
  });
});

describe('policy files', () => {
  it('takes tabs and spaces anywhere, octets above 0x7f opaquely, and no witness at all', () => {
    const text = `\t \n  # 注释 +\n\tquorum\t none \n log  ${log('A')}\t https://example.com/骑缝 \n`;
    const policy = unwrap(parse(text));
    expect([policy.logs[0]!.url?.length, policy.witnesses, policy.quorum]).toEqual([26, [], 'none']);
    const kelvin = unwrap(
      parse(`witness K ${witness('A')}\nwitness \u212a ${witness('B')}\nquorum \u212a\n`),
    );
    expect(kelvin.quorum).toBe('\xe2\x84\xaa');
    const raw = concat(
      toUtf8('witness '),
      Uint8Array.of(0xff, 0x80),
      toUtf8(` ${witness('A')}\nquorum none\n`),
    );
    expect(unwrap(parsePolicy(raw, portableHasher, nodeVerifier)).witnesses[0]!.name).toBe('\xff\x80');
  });

  it.each([
    ['no final newline', 'quorum none', 'policy-newline'],
    ['a carriage return', 'quorum none\r\n', 'policy-octet'],
    ['two quorum lines', 'quorum none\nquorum none\n', 'policy-quorum'],
    ['an unknown keyword', 'quorums none\n', 'policy-line'],
    ['an upper-case keyword', 'Quorum none\n', 'policy-line'],
    ['a quorum of nothing', 'quorum\n', 'policy-line'],
    ['a quorum of two', 'quorum none none\n', 'policy-line'],
    ['an undefined quorum', 'quorum unknown\n', 'policy-undefined-name'],
    ['a quorum before its definition', `quorum W\nwitness W ${witness('A')}\n`, 'policy-undefined-name'],
    ['a log without a key', 'log\n', 'policy-line'],
    ['a log with two URLs', `log ${log('A')} a b\n`, 'policy-line'],
    ['a log with a cosignature key', `log ${witness('A')}\n`, 'policy-key'],
    ['a witness with a plain key', `witness W ${log('A')}\n`, 'policy-key'],
    ['a witness without a key', 'witness W\n', 'policy-line'],
    ['a key with another id', `log ${log('A').replace(/\+[0-9a-f]{8}\+/, '+00000000+')}\n`, 'policy-key'],
    ['a group without members', `witness W ${witness('A')}\ngroup G all\n`, 'policy-line'],
    ['a threshold of 0', `witness W ${witness('A')}\ngroup G 0 W\n`, 'policy-threshold'],
    ['a threshold above n', `witness W ${witness('A')}\ngroup G 2 W\n`, 'policy-threshold'],
    ['a threshold with a sign', `witness W ${witness('A')}\ngroup G +1 W\n`, 'policy-threshold'],
    ['a threshold with a leading zero', `witness W ${witness('A')}\ngroup G 01 W\n`, 'policy-threshold'],
    ['a negative threshold', `witness W ${witness('A')}\ngroup G -1 W\n`, 'policy-threshold'],
    ['a group inside itself', `witness W ${witness('A')}\ngroup G any G\n`, 'policy-undefined-name'],
    ['a group named none', `witness W ${witness('A')}\ngroup none 1 W\n`, 'policy-name'],
    ['a group named as a witness', `witness W ${witness('A')}\ngroup W 1 W\n`, 'policy-name'],
    ['a zero octet', 'quorum none\0\n', 'policy-octet'],
  ])('refuses %s', (_name, text, code) => {
    expect(codeOf(parse(text))).toBe(code);
  });

  it('refuses one key under two names, a point that the verifier refuses, and names the line', () => {
    const again = formatVerifierKey(makeVerifierKey('b', TYPE_COSIGNATURE, keyOf('A'), portableHasher));
    const refused = parse(`\nwitness W ${witness('A')}\nwitness V ${again}\n`);
    expect(refused).toMatchObject({
      fault: { code: 'policy-duplicate-key', detail: expect.stringMatching(/^line 3/) },
    });
    const strict = { ...nodeVerifier, isKey: () => false };
    expect(codeOf(parsePolicy(toUtf8(`log ${log('A')}\nquorum none\n`), portableHasher, strict))).toBe(
      'policy-key',
    );
    expect(
      codeOf(parsePolicy(Uint8Array.of(0x6c, 0x6f, 0x67, 0x20, 0xff, 0x0a), portableHasher, strict)),
    ).toBe('policy-key');
  });

  it('refuses two keys of one name whose 32-bit ids collide', () => {
    const seen = new Map<string, number>();
    const keyAt = (i: number) => concat(new Uint8Array(24), u64(i));
    let pair: number[] = [];
    for (let i = 0; pair.length === 0; i++) {
      const id = createHash('sha256').update('a\n\x04').update(keyAt(i)).digest('hex').slice(0, 8);
      const before = seen.get(id);
      if (before !== undefined) pair = [before, i];
      seen.set(id, i);
    }
    const [one, two] = pair.map(i =>
      formatVerifierKey(makeVerifierKey('a', TYPE_COSIGNATURE, keyAt(i), portableHasher)),
    );
    expect(codeOf(parse(`witness W ${one}\nwitness V ${two}\nquorum none\n`))).toBe('policy-ambiguous-key');
  });

  it('supports more than 32 of everything, up to a bound', () => {
    const many = (n: number) => {
      const lines: string[] = [];
      for (let i = 0; i < n; i++) {
        const key = concat(new Uint8Array(24), u64(i));
        lines.push(`log ${formatVerifierKey(makeVerifierKey('l', TYPE_ED25519, key, portableHasher))}`);
        lines.push(
          `witness w${i} ${formatVerifierKey(makeVerifierKey('w', TYPE_COSIGNATURE, key, portableHasher))}`,
        );
        lines.push(i === 0 ? 'group g0 any w0' : `group g${i} all g${i - 1} w${i}`);
      }
      return `${lines.join('\n')}\nquorum g${n - 1}\n`;
    };
    const policy = unwrap(parse(many(256)));
    const all = policy.witnesses.map(({ name }) => name);
    expect(isQuorum(policy, new Set(all))).toBe(true);
    expect(isQuorum(policy, new Set(all.slice(1)))).toBe(false);
    expect(codeOf(parse(many(257)))).toBe('policy-too-many');
    expect(codeOf(parse(`#${'x'.repeat(1 << 20)}\nquorum none\n`))).toBe('policy-too-large');
  });

  it('fuzz: random edits never throw', () => {
    fc.assert(
      fc.property(mutated(toUtf8(ownVectors.policy)), edited => {
        parsePolicy(edited, portableHasher, nodeVerifier);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('evaluation', () => {
  it('accepts the checkpoint of a log in the field with four of its witnesses', () => {
    const { note, log, witnesses, time } = vectors.witnessed;
    const lines = Object.entries(witnesses).map(([name, vkey]) => `witness ${name} ${vkey}\n`);
    const rest = 'group g 3 garden smartit remora stagemole\nquorum g\n';
    const policy = unwrap(parse(`log ${log}\n${lines.join('')}${rest}`));
    const verdict = unwrap(evaluatePolicy(unwrap(parseNote(toUtf8(note))), policy, nodeVerifier));
    expect(verdict).toMatchObject({ quorum: true, satisfied: true, logs: [policy.logs[0]] });
    expect(verdict.witnesses.map(({ witness, time }) => [witness.name, time])).toEqual(
      ['garden', 'smartit', 'remora', 'stagemole'].map(name => [name, time]),
    );
    // The log's RFC 6962 line has the known name under an unknown id, so it is ignored.
    expect(verdict.unknown.map(({ keyId }) => keyId)).toEqual([0xcd333cb1]);
  });

  const origin = 'example.org/0123456789abcdef';
  const pairs = Array.from({ length: 5 }, (_, i) => keyPair(new Uint8Array(32).fill(i + 1)));
  const members = pairs.slice(0, 4).map(({ publicKey }, i) => ({ code: `${i + 1}10000`, key: publicKey }));
  const logPair = pairs[4]!;
  const ours = unwrap(
    parse(
      formatPolicy(
        { origin, logs: [{ key: logPair.publicKey }], witnesses: members, quorum: 3 },
        portableHasher,
      ),
    ),
  );
  const text = `${origin}\n1\n${'A'.repeat(43)}=\n`;
  const logLine = (signed: string): NoteSignature => ({
    name: origin,
    keyId: ours.logs[0]!.vkey.keyId,
    signature: logPair.sign(toUtf8(signed)),
  });
  const cosigned = (i: number, time: number, signed = text) =>
    makeCosignature(
      cosignerName(origin, members[i]!.code),
      members[i]!.key,
      time,
      pairs[i]!.sign(cosignedMessage(signed, time)),
      portableHasher,
    );
  const judge = (...signatures: NoteSignature[]) => evaluatePolicy({ text, signatures }, ours, nodeVerifier);

  it('counts distinct witnesses, the log and the quorum apart', () => {
    expect(unwrap(judge(logLine(text), cosigned(0, 5), cosigned(1, 6), cosigned(2, 7))).satisfied).toBe(true);
    expect(unwrap(judge(cosigned(0, 5), cosigned(1, 6), cosigned(2, 7)))).toMatchObject({
      logs: [],
      quorum: true,
      satisfied: false,
    });
    const repeated = unwrap(
      judge(logLine(text), cosigned(0, 5), cosigned(0, 6), cosigned(0, 7), cosigned(1, 8)),
    );
    expect(repeated).toMatchObject({ quorum: false, satisfied: false });
    expect(repeated.witnesses.map(({ time }) => time)).toEqual([5, 8]);
  });

  it('ignores unknown keys and refuses the note for one bad signature of a known one', () => {
    const stranger = { ...cosigned(0, 5), keyId: 1 };
    expect(unwrap(judge(logLine(text), stranger)).unknown).toEqual([stranger]);
    const good = [logLine(text), cosigned(0, 5), cosigned(1, 6), cosigned(2, 7)];
    const code = 'policy-bad-signature';
    expect(codeOf(judge(...good, cosigned(3, 8, `${text}x\n`)))).toBe(code);
    expect(codeOf(judge(...good, { ...cosigned(3, 8), signature: new Uint8Array(64) }))).toBe(code);
    expect(codeOf(judge(logLine(`${text}x\n`), ...good.slice(1)))).toBe(code);
  });

  it('does not let a log vouch for another origin, nor for a text that is no checkpoint', () => {
    const other = text.replace('example.org', 'example.com');
    const line = logLine(other);
    const verdict = unwrap(evaluatePolicy({ text: other, signatures: [line] }, ours, nodeVerifier));
    expect(verdict).toMatchObject({ logs: [], satisfied: false, unknown: [line] });
    expect(codeOf(evaluatePolicy({ text: 'a\n', signatures: [] }, ours, nodeVerifier))).toBe(
      'checkpoint-lines',
    );
  });

  it('writes the policy of the shared vector, and the policy reads back', () => {
    const seeds = [ownVectors.logSeed, ownVectors.witnessSeed].map(seed => keyPair(unwrap(fromHex(seed))));
    const [logKey, witnessKey] = seeds.map(({ publicKey }) => publicKey);
    const policy = { origin: ownVectors.origin, logs: [{ key: logKey! }], quorum: 1 };
    expect(
      formatPolicy({ ...policy, witnesses: [{ code: '110000', key: witnessKey! }] }, portableHasher),
    ).toBe(ownVectors.policy);
    expect(() => formatPolicy({ ...policy, witnesses: [] }, portableHasher)).toThrow('invariant');
    const taken = [{ code: 'consortium', key: witnessKey! }];
    expect(() => formatPolicy({ ...policy, witnesses: taken }, portableHasher)).toThrow('invariant');
  });

  it('property: a consortium policy of any size is read back as it was meant', () => {
    const keys = fc.uniqueArray(bytes32, { minLength: 1, maxLength: 40, selector: toHex });
    fc.assert(
      fc.property(keyNames, keys, fc.nat(), (origin, keys, n) => {
        const witnesses = keys.map((key, i) => ({ code: String(110000 + i), key }));
        const quorum = (n % keys.length) + 1;
        const source = { origin, logs: keys.map(key => ({ key })), witnesses, quorum };
        const read = unwrap(parse(formatPolicy(source, portableHasher)));
        expect(read.logs.map(({ vkey }) => [vkey.name, vkey.key])).toEqual(keys.map(key => [origin, key]));
        expect(read.witnesses.map(({ name, vkey }) => [name, vkey.name, vkey.key])).toEqual(
          witnesses.map(({ code, key }) => [code, cosignerName(origin, code), key]),
        );
        const members = witnesses.map(({ code }) => code);
        expect(read.groups).toEqual([{ name: 'consortium', threshold: quorum, members }]);
        expect(isQuorum(read, new Set(members.slice(0, quorum)))).toBe(true);
        expect(isQuorum(read, new Set(members.slice(0, quorum - 1)))).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});
