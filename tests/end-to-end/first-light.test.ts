import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode, statusProofCodec, toHex } from '@qifeng/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check, checkState } from '../independent/checker.mjs';
import { Network, until } from './network.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENTS = join(ROOT, 'seeds', 'documents');
const network = new Network();
const receipts = join(network.home, 'receipts');
const file = (path: string) => new Uint8Array(readFileSync(path));

function npmStart(): { code: number | null; out: string } {
  const env = { ...process.env, QIFENG_HOME: network.home, NO_COLOR: '1' };
  const done = spawnSync(process.execPath, [join(ROOT, 'scripts', 'start.mjs'), '--once'], {
    cwd: ROOT,
    env,
    timeout: 110_000,
  });
  return { code: done.status, out: done.stdout.toString() + done.stderr.toString() };
}

describe('npm start -- --once', () => {
  afterAll(() => network.end());
  const names = readdirSync(DOCUMENTS).filter(name => name.endsWith('.md'));

  it('records every seed document on four processes and verifies every receipt offline', () => {
    const { code, out } = npmStart();
    expect(code, out).toBe(0);
    expect(out).toContain(`${names.length} of ${names.length} seed documents verified offline`);
    expect(/^http:\/\/127\.0\.0\.1:\d+ /m.test(out)).toBe(true);
    expect(readdirSync(receipts).filter(name => name.endsWith('.tlog-proof'))).toHaveLength(names.length);
  });

  it('finds its data again and records nothing twice', () => {
    const { code, out } = npmStart();
    expect(code, out).toBe(0);
    expect(out.match(/^already/gm)).toHaveLength(names.length);
  });

  describe('the network it leaves behind', () => {
    beforeAll(() => network.up());

    it('is one ledger: every node serves the same log and passes its own check', async () => {
      await until(async () => {
        const sizes = await Promise.all(
          [0, 1, 2, 3].map(node => network.json<{ size: number }>(node, '/v1/network')),
        );
        return sizes.every(({ size }) => size === names.length);
      }, 'all nodes hold all records');
      const tiles = await Promise.all(
        [0, 1, 2, 3].map(node => network.text(node, `/tile/entries/000.p/${names.length}`)),
      );
      expect(new Set(tiles).size).toBe(1);
    });

    it('gives receipts that an independent check confirms, with the policy any node serves', async () => {
      const genesis = file(join(network.home, 'genesis.cbor'));
      const policy = new TextEncoder().encode(await network.text(2, '/policy'));
      for (const name of names) {
        const receipt = file(join(receipts, `${name}.tlog-proof`));
        const verdict = check({ receipt, genesis, policy, file: file(join(DOCUMENTS, name)) });
        expect(verdict.problems, name).toEqual([]);
      }
    });

    it('refuses in that check a flip in any line of a receipt', async () => {
      const genesis = file(join(network.home, 'genesis.cbor'));
      const policy = new TextEncoder().encode(await network.text(0, '/policy'));
      const document = file(join(DOCUMENTS, names.at(-1)!));
      const receipt = file(join(receipts, `${names.at(-1)!}.tlog-proof`));
      const lines = new TextDecoder().decode(receipt).split('\n');
      let at = 0;
      for (const line of lines.slice(0, -1)) {
        const changed = receipt.slice();
        const position = at + Math.floor(new TextEncoder().encode(line).length / 2);
        changed[position]! ^= 1;
        const verdict = check({ receipt: changed, genesis, policy, file: document });
        expect(verdict.problems.length, line).toBeGreaterThan(0);
        at += new TextEncoder().encode(line).length + 1;
      }
    });

    it('proves the standing of a subject, and the absence of one, in the certified state', async () => {
      const issuer = '11430000DEM000001Q';
      const digest = toHex(
        new Uint8Array(
          await crypto.subtle.digest('SHA-256', file(join(DOCUMENTS, '01-hunan-three-year-plan.md'))),
        ),
      );
      for (const [id, present] of [
        [digest, true],
        ['nobody recorded this', false],
      ] as const) {
        let answer: Response | null = null;
        await until(async () => {
          answer = await fetch(
            `${network.nodes[1]!.url}/v1/subjects/policy/${issuer}/${encodeURIComponent(id)}/status-proof`,
          );
          return answer.status === 200;
        }, `a status proof of ${id}`);
        const proof = decode(statusProofCodec, new Uint8Array(await answer!.arrayBuffer()));
        if (!proof.ok) throw new Error(proof.fault.detail);
        const { checkpoint, kind, name, value, other, bitmap, siblings } = proof.value;
        const stateLine = /^state (\S+)$/m.exec(new TextDecoder().decode(checkpoint))![1]!;
        const root = new Uint8Array(Buffer.from(stateLine, 'base64'));
        expect(value !== null).toBe(present);
        const claim = { root, name: [kind, ...name], value, proof: [other, bitmap, siblings] as const };
        expect(checkState(claim).problems).toEqual([]);
        expect(
          checkState({ ...claim, name: [kind, 'policy', issuer, 'another'] }).problems.length,
        ).toBeGreaterThan(0);
      }
    });

    it('serves people on the command line: info, history, policy, verify with standing', () => {
      const document = join(DOCUMENTS, '04-beijing-action-plan.md');
      const receipt = join(receipts, '04-beijing-action-plan.md.tlog-proof');
      expect(network.must('qifeng', 'info', receipt)).toContain('110000');
      expect(network.must('qifeng', 'history', document)).toContain('Publish');
      expect(network.must('qifeng', 'policy')).toContain('quorum consortium');
      expect(network.must('qifeng', 'verify', document, '--receipt', receipt)).toContain('In force');
      expect(network.must('qifeng', '--lang', 'zh', 'verify', document, '--receipt', receipt)).toContain(
        '已验证',
      );
    });

    it('refuses a changed file, a changed receipt and another chain, with the reason', () => {
      const document = join(network.home, 'changed.md');
      const receipt = join(receipts, '04-beijing-action-plan.md.tlog-proof');
      const original = file(join(DOCUMENTS, '04-beijing-action-plan.md'));
      original[10]! ^= 1;
      writeFileSync(document, original);
      const changed = network.run('qifeng', 'verify', document, '--receipt', receipt, '--offline');
      expect([changed.code, changed.out + changed.err]).toEqual([
        1,
        expect.stringContaining('file-mismatch'),
      ]);
      const other = join(ROOT, 'tests', 'fixtures', 'first-light', 'genesis.cbor');
      const foreign = network.run(
        'qifeng',
        'verify',
        join(DOCUMENTS, '04-beijing-action-plan.md'),
        '--receipt',
        receipt,
        '--genesis',
        other,
        '--offline',
      );
      expect([foreign.code, foreign.out + foreign.err]).toEqual([1, expect.stringContaining('wrong-chain')]);
    });

    it('stops, and every store passes its own check', () => {
      network.must('qifeng-node', 'cluster', 'down');
      expect(network.must('qifeng-node', 'check').match(/sound/g)).toHaveLength(4);
    });
  });
});
