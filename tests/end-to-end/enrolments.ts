import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usccCheckCharacter } from '@qifeng/core';
import { expect, it } from 'vitest';
import type { Network } from './network.ts';

const SEEDS = fileURLToPath(new URL('../../seeds', import.meta.url));
const ENTERPRISE = '91350100M000100Y43';
/** A publisher of the seeds that is at home in Gansu. */
const ELSEWHERE = '11620000DEM0000012';

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
    expect(publishers('add', ENTERPRISE, ...named, '--make-key')).toEqual([0, 'already']);
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

  it('of hundreds of publishers at once, with the lines that are wrong named, and the same again', () => {
    const code = (i: number) => {
      const body = `91430100${String(i).padStart(9, '0')}`;
      return body + usccCheckCharacter(body)!;
    };
    const line = (i: number) => {
      if (i === 7) return `${code(i).slice(0, 17)}${code(8).at(-1)},演示企业${i},110000,policy,`;
      if (i === 50) return `${code(49)},演示企业${i},110000,policy,`;
      if (i === 90) return `${code(i)},演示企业${i},990000,policy,`;
      const home = `${11 + (i % 4)}0000`;
      return `${code(i)},"演示企业, ${i}",${home},${i === 120 ? 'nothing' : 'policy'},10`;
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
    expect(first).toMatchObject({ exit: 4, enrolled: 296, already: 0, refused: 4, pending: 0 });
    expect(first.left.map(one => [one.line, one.code])).toEqual([
      [9, 'bad-uscc'],
      [52, 'named-twice'],
      [92, 'bad-home'],
      [122, 'governance-publishers'],
    ]);
    expect(readFileSync(join(network.home, 'refused.csv'), 'utf8').trim().split('\r\n')).toHaveLength(5);
    expect(imported()).toMatchObject({ exit: 4, enrolled: 0, already: 296, refused: 4 });
    expect(stampBy(code(299), 'enrolled.txt')).toEqual([0, 'ok']);
    const listed = network.must('qifeng', 'publishers', 'list', '--suspended');
    expect(listed).toContain('0 publishers');
    expect(network.must('qifeng', 'audit')).toContain('verified');
  });

  it('of a profile: approved by a quorum of members, recorded, and used by a publisher that has it', () => {
    const carrier = readFileSync(join(network.home, 'default-key'), 'utf8').trim().replace('.pem', '');
    const { url } = network.nodes[0]!;
    const define = (version: number, approvers: readonly string[]) => {
      const json = readFileSync(join(SEEDS, 'profiles', 'policy.json'), 'utf8');
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
