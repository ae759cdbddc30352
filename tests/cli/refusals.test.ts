import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { csvText } from '../../packages/client/src/files/csv.ts';
import { PUBLISHER, testGenesis } from '../fixtures/builder.ts';
import { Publisher, seedProfile } from './publisher.ts';

let us: Publisher;
beforeEach(async () => {
  us = await Publisher.make({ ...testGenesis(), profiles: [seedProfile('policy')] });
});
afterEach(() => us.remove());

const zh = async (...args: string[]) => {
  const { stdout, stderr } = await us.place.inProcess([...args, '--lang', 'zh']);
  return stdout + stderr;
};

describe('what a clerk who reads Chinese is told of', () => {
  it('a refusal: why, by titles, with the state that the node says the subject is in, and what to do', async () => {
    us.write('secret.txt', 'closed.txt');
    await zh('stamp', 'paper.md', '--subject', 'S');
    expect(await zh('stamp', 'secret.txt')).toMatch(
      /^被拒绝 {2}secret.txt {2}secret-document {2}定有密级的文件不得上公开账本.*（原文：secret-document here）。请/,
    );
    expect(
      await zh('act', `policy/${PUBLISHER}/S`, 'repeal', 'closed.txt', '--meta', 'title=closed'),
    ).toContain(
      'action-not-allowed  标的现状为“有效”，事项“废止”（repeal）只能在“有效”、“已修改”时办理。请先查询现状',
    );
  });

  it('a row of a table, on the screen and in the file of what is left', async () => {
    writeFileSync(
      us.place.path('table.csv'),
      csvText([
        ['file', 'kind'],
        ['paper.md', 'letter'],
      ]),
    );
    const why = '字段“文种”（kind）的值不符合格式：应为公文文种，如 通知。请改正该字段后重试';
    expect(await zh('stamp', '--table', 'table.csv', '--report', 'left.csv')).toContain(
      `bad-field  ${why}\n`,
    );
    expect(readFileSync(us.place.path('left.csv'), 'utf8')).toContain(`bad-field,${why}`);
    writeFileSync(us.place.path('table.csv'), csvText([['9x'], ['通知']]));
    expect(await zh('stamp', '--table', 'table.csv')).toContain('table.csv 不是可用的表格：“9x”不是列名。');
  });

  it.each(['[1]', '{"kind":"a","kind":"b"}', '{"pages":1.5}', '{"pages":-0}', '{"kind"'])(
    'a file of fields that is not one, or can be read in two ways: %s',
    async text => {
      writeFileSync(us.place.path('meta.json'), text);
      const said = await zh('stamp', 'paper.md', '--meta', '@meta.json');
      expect(said).toContain('meta.json 不是由字段组成的 JSON 对象');
    },
  );

  it('a proof that does not hold', async () => {
    await zh('stamp', 'paper.md');
    writeFileSync(us.place.path('paper.md'), 'other');
    expect(await zh('verify', 'paper.md')).toMatch(/ 详情 +手中的文件不是所存证的文件.*（原文：.*）\n/);
  });

  it('a roster and of the rights of a publisher', async () => {
    const wrong = await zh('publishers', 'set', PUBLISHER, '--quota=-1');
    expect(wrong).toContain('qifeng: “-1”不是每日条数，应为不小于 0 的整数\n');
  });
});
