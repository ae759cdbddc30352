import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bytesOfHex,
  decode,
  encode,
  proposalsCodec,
  publisherChangeCodec,
  toHex,
  usccCheckCharacter,
} from '@qifeng/core';
import { nativeSigner } from '@qifeng/core/native';
import { expect, it } from 'vitest';
import { unwrap } from '../fixtures/builder.ts';
import type { Network } from './network.ts';

const SEEDS = fileURLToPath(new URL('../../seeds', import.meta.url));
const ENTERPRISE = '91350100M000100Y43';
/** A publisher of the seeds that is at home in Gansu. */
const ELSEWHERE = '11620000DEM0000012';

const KEY = toHex(nativeSigner(new Uint8Array(32).fill(7)).publicKey);

const MEMO = { zh: '备忘录', en: 'Memorandum' };

interface Done {
  readonly status: string;
  readonly code: string | null;
}
interface Publishers {
  readonly publishers: readonly Done[];
}
interface Stamped {
  readonly files: readonly [Done];
}

/** The code of a made-up enterprise in a region. */
function numbered(region: string, i: number): string {
  const body = `${region}${String(i).padStart(9, '0')}`;
  return body + usccCheckCharacter(body)!;
}

/** Tests of publishers that come and go while a network of four runs. */
export function enrolments(network: Network): void {
  const publishers = (...args: readonly string[]) => {
    const ended = network.run('qifeng', '--json', 'publishers', ...args);
    const { publishers: of } = JSON.parse(ended.out) as Publishers;
    return [ended.code, ...of.map(({ status, code }) => code ?? status)];
  };
  const stampBy = (key: string, name: string, ...more: readonly string[]) => {
    const file = join(network.home, name);
    writeFileSync(file, name);
    const ended = network.run('qifeng', '--json', 'stamp', file, '--key', key, ...more);
    const { status, code } = (JSON.parse(ended.out) as Stamped).files[0];
    return [ended.code, code ?? status];
  };

  it('of a publisher: enrolled, suspended, reinstated, re-keyed, and refused where it should be', () => {
    const named = ['--name', '演示企业', '--member', '120000', '--roles', 'policy'];
    expect(publishers('add', ENTERPRISE, ...named, '--make-key', '--quota', '3')).toEqual([0, 'ok']);
    expect(publishers('add', ENTERPRISE, ...named, '--make-key', '--quota', '3')).toEqual([0, 'already']);
    expect(publishers('add', ENTERPRISE, ...named, '--make-key')).toEqual([4, 'enrolled-otherwise']);
    expect(stampBy(ENTERPRISE, 'first.txt')).toEqual([0, 'ok']);
    expect(publishers('suspend', ENTERPRISE)).toEqual([0, 'ok']);
    expect(stampBy(ENTERPRISE, 'second.txt')).toEqual([4, 'publisher-suspended']);
    // What it recorded before stays what it was.
    expect(network.must('qifeng', 'verify', join(network.home, 'first.txt'), '--offline')).toContain(
      'verified',
    );
    expect(publishers('reinstate', ENTERPRISE)).toEqual([0, 'ok']);
    expect(stampBy(ENTERPRISE, 'second.txt')).toEqual([0, 'ok']);

    const other = join(network.home, 'other');
    const made = network.must(
      'qifeng',
      ...['--json', '--home', other, 'keys', 'new', '--publisher', ENTERPRISE, '--no-passphrase'],
    );
    const { publicKey } = JSON.parse(made) as { publicKey: string };
    expect(publishers('rekey', ENTERPRISE, '--public-key', publicKey)).toEqual([0, 'ok']);
    expect(stampBy(ENTERPRISE, 'third.txt')).toEqual([4, 'wrong-key']);
    const fresh = join(other, 'keys', `${ENTERPRISE}.pem`);
    expect(stampBy(fresh, 'third.txt')).toEqual([0, 'ok']);
    expect(stampBy(fresh, 'fourth.txt')).toEqual([4, 'daily-quota']);
    expect(publishers('set', ENTERPRISE, '--quota', '0')).toEqual([0, 'ok']);
    expect(stampBy(fresh, 'fourth.txt')).toEqual([0, 'ok']);
    expect(publishers('suspend', '91110108551385082Q')).toEqual([4, 'unknown-publisher']);
    // Its home member has no vote here: a quorum of those that have one stands in.
    expect(publishers('suspend', ELSEWHERE)).toEqual([0, 'ok']);
    expect(publishers('suspend', ELSEWHERE)).toEqual([0, 'already']);
    expect(publishers('reinstate', ELSEWHERE)).toEqual([0, 'ok']);
    const unreachable = network.run(
      'qifeng',
      'publishers',
      'suspend',
      ENTERPRISE,
      '--node-home',
      'nodes/110000',
    );
    expect([unreachable.code, unreachable.err]).toEqual([2, expect.stringContaining('120000')]);
  });

  it('of publishers whose home has no vote, from machine to machine: each validator approves with the key it has', () => {
    const home = '620000';
    const carrier = readFileSync(join(network.home, 'default-key'), 'utf8').trim().replace('.pem', '');
    const { url } = network.nodes[0]!;
    // The machine of the member that asks has the genesis, and no key at all.
    const desk = join(network.home, 'desk');
    mkdirSync(desk);
    copyFileSync(join(network.home, 'genesis.cbor'), join(desk, 'genesis.cbor'));
    const ask = (...args: readonly string[]) => {
      const by = ['--home', desk, '--node', url, '--publisher', carrier];
      const { code, out } = network.run('qifeng', '--json', 'publishers', ...args, ...by);
      return { code, ...(JSON.parse(out) as object) };
    };
    const approve = (file: string, member: string) =>
      network.must('qifeng-node', 'members', 'approve', file, '--home', `nodes/${member}`);
    const submit = (...files: readonly string[]) => {
      const by = ['--genesis', 'genesis.cbor', '--node', url, '--key', join('keys', `${carrier}.pem`)];
      const { code, out } = network.run('qifeng-node', '--json', 'members', 'submit', ...files, ...by);
      return { exit: code, ...(JSON.parse(out) as object) };
    };
    const codes = Array.from({ length: 120 }, (_, i) => numbered('91620100', i));
    const roster = (quota: number) => {
      const rows = codes.map(code => `${code},演示企业,${home},${KEY},policy,${quota}`);
      writeFileSync(join(network.home, 'gansu.csv'), `code,name,home,key,roles,quota\n${rows.join('\n')}\n`);
    };
    roster(5);
    expect(ask('import', 'gansu.csv', '--propose', 'gansu')).toMatchObject({ code: 0, proposed: 120 });
    expect(approve('gansu', '110000')).toContain(
      `${codes.at(-1)}  enrols · 演示企业 · home ${home} · keys ${KEY}`,
    );
    copyFileSync(join(network.home, 'gansu'), join(network.home, 'copy'));
    approve('gansu', '120000');
    expect(submit('gansu')).toMatchObject({ exit: 2, error: { code: 'too-few-approvals' } });
    approve('copy', '140000');
    // So many take two changes. The second goes alone first: then one of both is refused, and the other is recorded all the same.
    for (const file of ['gansu', 'copy']) {
      const both = unwrap(decode(proposalsCodec, new Uint8Array(readFileSync(join(network.home, file)))));
      expect(both).toHaveLength(2);
      writeFileSync(join(network.home, `${file}-2`), encode(proposalsCodec, both.slice(1)));
    }
    expect(submit('gansu-2', 'copy-2')).toMatchObject({
      exit: 0,
      action: 'change-publishers',
      publishers: expect.arrayContaining([expect.objectContaining({ id: codes.at(-1), home })]),
      approvals: ['110000', '120000', '140000'],
    });
    expect(submit('gansu', 'copy')).toMatchObject({
      error: { code: 'some-refused', what: expect.stringContaining('1 of 2') },
    });
    expect(ask('import', 'gansu.csv', '--propose', 'none')).toMatchObject({ proposed: 0, already: 120 });
    roster(6);
    expect(ask('import', 'gansu.csv', '--propose', 'none')).toMatchObject({
      ...{ code: 4, proposed: 0, already: 0 },
      left: {
        0: { code: 'enrolled-otherwise', detail: expect.stringMatching(/another quota,.* set \S+ --quota/) },
      },
    });

    // Where the home member has a vote, its approval is needed and enough; another's alone is not.
    ask('set', ENTERPRISE, '--quota', '0', '--propose', 'quota');
    approve('quota', '110000');
    expect(submit('quota')).toMatchObject({ exit: 2, error: { code: 'too-few-approvals' } });
    // Nobody approves a key that can sign nothing: no `qifeng publishers` proposes one.
    const path = join(network.home, 'quota');
    const [quota] = unwrap(decode(proposalsCodec, new Uint8Array(readFileSync(path))));
    const change = unwrap(decode(publisherChangeCodec, quota!.change));
    const altered = [{ ...change.altered[0]!, keys: [bytesOfHex(KEY)!, new Uint8Array(32)] }];
    const bad = { ...quota!, change: encode(publisherChangeCodec, { ...change, altered }) };
    writeFileSync(join(network.home, 'bad'), encode(proposalsCodec, [bad]));
    const refused = network.run('qifeng-node', 'members', 'approve', 'bad', '--home', 'nodes/120000');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(`A key of ${ENTERPRISE}`)]);
    expect(approve('quota', '120000')).toContain('of the home member, which is enough');
    expect(submit('quota')).toMatchObject({
      exit: 0,
      publishers: [{ id: ENTERPRISE, quota: 0, keys: null }],
    });
  });

  it('of hundreds of publishers at once, with the lines that are wrong named, and the same again', () => {
    const code = (i: number) => numbered('91430100', i);
    const line = (i: number) => {
      if (i === 7) return `${code(i).slice(0, 17)}${code(8).at(-1)},演示企业${i},110000,policy,`;
      if (i === 50) return `${code(49)},演示企业${i},110000,policy,`;
      if (i === 90) return `${code(i)},演示企业${i},990000,policy,`;
      const home = `${11 + (i % 4)}0000`;
      return `${code(i)},"演示企业, ${i}",${home},${i === 120 ? 'nothing' : i === 130 ? '' : 'policy'},10`;
    };
    const rows = Array.from({ length: 300 }, (_, i) => line(i));
    writeFileSync(
      join(network.home, 'roster.csv'),
      `\ufeffcode,name,home,roles,quota\r\n${rows.join('\r\n')}\r\n`,
    );
    const imported = () => {
      const args = ['roster.csv', '--make-keys', '--report', 'refused.csv'];
      const { code: exit, out } = network.run('qifeng', '--json', 'publishers', 'import', ...args);
      return { exit, ...(JSON.parse(out) as { left: readonly { line: number; code: string }[] }) };
    };
    const first = imported();
    expect(first).toMatchObject({ exit: 4, enrolled: 295, already: 0, refused: 5, pending: 0 });
    expect(first.left.map(one => [one.line, one.code])).toEqual([
      [9, 'bad-uscc'],
      [52, 'named-twice'],
      [92, 'bad-home'],
      [122, 'governance-publishers'],
      [132, 'bad-role'],
    ]);
    expect(readFileSync(join(network.home, 'refused.csv'), 'utf8').trim().split('\r\n')).toHaveLength(6);
    expect(imported()).toMatchObject({ exit: 4, enrolled: 0, already: 295, refused: 5 });
    expect(stampBy(code(299), 'enrolled.txt')).toEqual([0, 'ok']);
    const listed = network.must('qifeng', 'publishers', 'list', '--suspended');
    expect(listed).toContain('0 publishers');
    expect(network.must('qifeng', 'audit')).toContain('verified');
  });

  it('of a profile: approved by a quorum of members, recorded, and used by a publisher that has it', () => {
    const carrier = readFileSync(join(network.home, 'default-key'), 'utf8').trim().replace('.pem', '');
    const { url } = network.nodes[0]!;
    const define = (version: number, approvers: readonly string[], edit = (json: string) => json) => {
      const json = edit(readFileSync(join(SEEDS, 'profiles', 'policy.json'), 'utf8'));
      const { name: _, version: __, ...rest } = JSON.parse(json) as { name: string; version: number };
      writeFileSync(
        join(network.home, 'memo.json'),
        JSON.stringify({ ...rest, name: 'memo', version, title: MEMO }),
      );
      const from = ['--genesis', 'genesis.cbor', '--node', url];
      const what = ['--profile', 'memo.json', '--carrier', carrier, '--out', 'memo.proposal'];
      network.must('qifeng-node', 'members', 'propose', ...what, ...from);
      for (const member of approvers)
        network.must('qifeng-node', 'members', 'approve', 'memo.proposal', '--home', `nodes/${member}`);
      const key = ['--key', join('keys', `${carrier}.pem`)];
      return network.run('qifeng-node', '--json', 'members', 'submit', 'memo.proposal', ...key, ...from);
    };
    expect(define(1, ['110000', '120000']).out).toContain('too-few-approvals');
    const defined = define(1, ['110000', '120000', '130000']);
    expect([defined.code, JSON.parse(defined.out)]).toMatchObject([
      0,
      { action: 'define-profile', profile: { name: 'memo', version: 1 }, approvals: { length: 3 } },
    ]);
    expect(define(3, ['110000', '120000', '130000']).out).toContain('governance-profile');
    // What a state means stays, so that nobody who knows one version contradicts who knows the other.
    const revived = (json: string) => json.replace('"standing": "ended"', '"standing": "in-force"');
    const other = define(2, ['110000', '120000', '130000'], revived).out;
    for (const said of ['governance-profile', 'state withdrawn means ended']) expect(other).toContain(said);
    const fresh = join(network.home, 'other', 'keys', `${ENTERPRISE}.pem`);
    expect(stampBy(fresh, 'memo.txt', '--profile', 'memo')).toEqual([4, 'profile-not-allowed']);
    expect(publishers('set', ENTERPRISE, '--roles', 'policy memo')).toEqual([0, 'ok']);
    expect(stampBy(fresh, 'memo.txt', '--profile', 'memo')).toEqual([0, 'ok']);

    // Neither the profile nor the publisher is in the genesis: a stranger verifies all the same, and is told what it does not know.
    const file = join(network.home, 'memo.txt');
    const stranger = join(network.home, 'stranger');
    mkdirSync(stranger);
    const ask = (...args: readonly string[]) =>
      network.must('qifeng', '--home', stranger, ...args, '--genesis', join(network.home, 'genesis.cbor'));
    const bare = ask('verify', file, '--offline');
    expect(bare).toContain('memo · publish');
    expect(bare).toContain('memo: not in the genesis, so that its title');
    expect(bare).not.toContain('演示企业');
    const node = ['--node', url];
    for (const known of [ask('verify', file, ...node), ask('verify', file, '--offline')]) {
      expect(known).toContain('Memorandum · Publish');
      expect(known).toContain(`演示企业 (${ENTERPRISE})`);
    }
    expect(ask('status', file, ...node)).toContain('memo: not in the genesis; version 1');
    expect(ask('info', `${file}.tlog-proof`)).toContain('Memorandum · Publish');
  });
}
