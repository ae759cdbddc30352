import { describe, expect, it } from 'vitest';
import type { MetaValue } from '../records/entry.ts';
import { isCertificateId, isDate, isRegion } from '../records/standard-codes.ts';
import { formatFlaw, isDocumentKind, isDocumentNumber, isIndexNumber, isInvoiceNumber } from './formats.ts';
import { field } from './testing/profiles.ts';

const CERTIFICATE = '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U';

describe('formats', () => {
  it('dates are those that Date makes, and no others', () => {
    for (let day = Date.UTC(1896, 0, 1); day < Date.UTC(2105, 0, 1); day += 86_400_000)
      expect(isDate(new Date(day).toISOString().slice(0, 10))).toBe(true);
    for (let year = 1896; year < 2105; year++) {
      const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
      expect(isDate(`${year}-02-29`), `${year}`).toBe(leap);
      for (const tail of ['00-10', '13-01', '04-31', '06-31', '09-31', '11-31', '01-32', '02-30', '05-00'])
        expect(isDate(`${year}-${tail}`)).toBe(false);
    }
    for (const text of [
      '',
      '2020-1-01',
      '20200101',
      '2020-01-01T00:00',
      ' 2020-01-01',
      '２０２０-01-01',
      '0000-01-01',
    ])
      expect(isDate(text), text).toBe(false);
  });

  it('regions are codes of a known province, county only with prefecture', () => {
    for (const code of ['110000', '430100', '430102', '110101', '810000'])
      expect(isRegion(code), code).toBe(true);
    for (const code of ['', '430', '990000', '430001', '4301020', '43010a', '000000'])
      expect(isRegion(code), code).toBe(false);
  });

  it('document numbers are in normal form', () => {
    for (const text of [
      '国办发〔2020〕1号',
      '湘政办发〔2020〕23号',
      '京经信发〔1999〕1024号',
      'A〔2020〕1号',
      '𠮷办〔2020〕1号',
    ])
      expect(isDocumentNumber(text), text).toBe(true);
    for (const text of [
      '',
      '国办发[2020]1号',
      '国办发(2020)1号',
      '国办发【2020】1号',
      '国办发〔20〕1号',
      '国办发〔2020〕01号',
      '国办发〔2020〕第1号',
      '国办发〔2020〕1',
      '国办发 〔2020〕1号',
      '国办发〔２０２０〕1号',
      '〔2020〕1号',
      '国—办〔2020〕1号',
      '國\u0301〔2020〕1号',
      '国办发〔2020〕1号 ',
    ])
      expect(isDocumentNumber(text), text).toBe(false);
  });

  it('kinds of document are the fifteen of 2012, and index numbers have their three parts', () => {
    const kinds = '决议 决定 命令 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 纪要'.split(' ');
    for (const kind of [...kinds, '令']) expect(isDocumentKind(kind), kind).toBe(true);
    for (const kind of ['', '办法', '通知 ', '命令(令)', 'notice'])
      expect(isDocumentKind(kind), kind).toBe(false);
    expect(isIndexNumber('000014349/2020-00046')).toBe(true);
    for (const text of ['', '000014349/2020-46', '00014349/2020-00046', '000014349-2020-00046'])
      expect(isIndexNumber(text), text).toBe(false);
  });

  it('an invoice number has twenty digits, of the older form those of its code first', () => {
    for (const text of ['26112000000000000001', '01100260011100000002'])
      expect(isInvoiceNumber(text), text).toBe(true);
    for (const text of [
      '',
      '00000002',
      '2611200000000000000X',
      '011002600111-00000002',
      '261120000000000000012',
    ])
      expect(isInvoiceNumber(text), text).toBe(false);
  });

  it('a certificate identifier has the check character of GB/T 36904, and one wrong character shows', () => {
    expect(isCertificateId(CERTIFICATE)).toBe(true);
    for (let at = '1.2.156.3005.2.'.length; at < CERTIFICATE.length; at++) {
      if (CERTIFICATE[at] === '.') continue;
      for (const character of '0AZ') {
        if (CERTIFICATE[at] === character) continue;
        const wrong = CERTIFICATE.slice(0, at) + character + CERTIFICATE.slice(at + 1);
        expect(isCertificateId(wrong), wrong).toBe(false);
      }
    }
    expect(isCertificateId(CERTIFICATE.replace('1.2.156', '1.2.157'))).toBe(false);
  });
});

describe('fields', () => {
  const good: [Parameters<typeof field>[0], MetaValue, number?][] = [
    ['text', '文件', 6],
    ['text', 'x'.repeat(8000)],
    ['texts', ['文', 'b'], 3],
    ['integer', -9007199254740991],
    ['integer', -7, 7],
    ['boolean', false],
    ['date', '2020-02-29', 10],
    ['uscc', '91350100M000100Y43'],
    ['region', '430000'],
    ['document-number', '国发〔2020〕1号'],
    ['certificate-id', CERTIFICATE],
    ['digest', `sm3:${'0f'.repeat(32)}`],
  ];
  it.each(good)('of type %s take %j', (type, value, max = 0) =>
    expect(formatFlaw(field(type, { max }), value)).toBeNull(),
  );

  it.each<[Parameters<typeof field>[0], MetaValue, number?]>([
    ['text', '文件', 5],
    ['text', ''],
    ['text', ['a']],
    ['texts', []],
    ['texts', ['a', '']],
    ['texts', ['a', '文件'], 5],
    ['texts', ['a', 1]],
    ['texts', 'a'],
    ['integer', 8, 7],
    ['integer', '7'],
    ['boolean', 1],
    ['boolean', 'true'],
    ['date', '2020-02-30'],
    ['uscc', '91350211M000100Y43'],
    ['region', 430000],
    ['document-number', '国发〔2020〕1号', 10],
    ['certificate-id', CERTIFICATE.slice(0, -1)],
    ['digest', `sha1:${'0f'.repeat(20)}`],
    ['digest', new Uint8Array(32)],
  ])('of type %s refuse %j', (type, value, max = 0) =>
    expect(formatFlaw(field(type, { max }), value)).toMatch(/\w/),
  );

  it.each(good)('of type %s take no value of another type', type => {
    for (const value of [new Uint8Array(32), null, [null], 1.5]) {
      if (type === 'integer' && value === 1.5) continue; // no such value can be decoded
      expect(formatFlaw(field(type), value)).not.toBeNull();
    }
  });
});
