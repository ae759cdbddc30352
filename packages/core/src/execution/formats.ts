import type { MetaValue } from '../records/entry.ts';
import type { ProfileField } from '../records/profile.ts';
import { isBillCode, isCertificateId, isDate, isRegion } from '../records/standard-codes.ts';
import { MAX_ISSUERS } from '../records/state.ts';
import { isUscc } from '../records/uscc.ts';
import { fits } from './profile-rules.ts';

const DOCUMENT_KINDS = new Set(
  '决议 决定 命令 令 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 纪要'.split(' '),
);
/**
 * A 发文字号 in normal form (GB/T 9704-2012, 7.2.5): 机关代字〔年份〕序号号, full-width brackets U+3014 and U+3015, a
 * four-digit year, a serial number without 第 and without leading zeros, no spaces. The characters are named by range:
 * classes such as \p{L} grow with the Unicode version of the engine, and two nodes would disagree.
 */
export function isDocumentNumber(text: string): boolean {
  return /^[A-Za-z0-9\u3007\u3400-\u4dbf\u4e00-\u9fff\u{20000}-\u{323af}]{1,40}〔[12][0-9]{3}〕[1-9][0-9]{0,6}号$/u.test(
    text,
  );
}

/** A document digest as a text: `sha256:` or `sm3:` and 64 lowercase hex digits. */
export function isDigestText(text: string): boolean {
  return /^(?:sha256|sm3):[0-9a-f]{64}$/.test(text);
}

/** 政务公开 index number 索引号: organisation code of nine, year, serial of five, as in 000014349/2020-00046. */
export function isIndexNumber(text: string): boolean {
  return /^[0-9A-Z]{9}\/[12][0-9]{3}-[0-9]{5}$/.test(text);
}

/** A code without marks between its parts, as 不动产单元代码 is: digits and capital letters. */
export function isCode(text: string): boolean {
  return /^[0-9A-Z]+$/.test(text);
}

/** 电子发票 number of 20 digits; of the older form, which has a code of 12 and a number of 8, both one after the other. */
export function isInvoiceNumber(text: string): boolean {
  return /^[0-9]{20}$/.test(text);
}

/** 文种 of 党政机关公文 (公文处理工作条例 2012, article 8); a 命令 is also called 令. */
export function isDocumentKind(text: string): boolean {
  return DOCUMENT_KINDS.has(text);
}

type TextFormat =
  | 'date'
  | 'uscc'
  | 'region'
  | 'document-number'
  | 'certificate-id'
  | 'digest'
  | 'bill-code'
  | 'bill-number'
  | 'invoice-number'
  | 'index-number'
  | 'document-kind'
  | 'code';

const TEXT_FORMATS: Readonly<
  Record<TextFormat, readonly [holds: (text: string) => boolean, wanted: string]>
> = {
  date: [isDate, 'a calendar date YYYY-MM-DD'],
  uscc: [isUscc, 'a unified social credit code of 18 characters'],
  region: [isRegion, 'a six-digit GB/T 2260 code'],
  'document-number': [isDocumentNumber, 'a document number in normal form, as in 国办发〔2020〕1号'],
  'certificate-id': [isCertificateId, 'a certificate identifier 1.2.156.3005.2.… with its check character'],
  digest: [isDigestText, 'sha256: or sm3: and 64 lowercase hex digits'],
  'bill-code': [isBillCode, 'a bill code of 8 digits that begins with a provincial unit'],
  'bill-number': [text => /^[0-9]{10}$/.test(text), 'a bill number of 10 digits'],
  'invoice-number': [isInvoiceNumber, 'an invoice number of 20 digits'],
  'index-number': [isIndexNumber, 'an index number as in 000014349/2020-00046'],
  code: [isCode, 'digits and capital letters without spaces'],
  'document-kind': [isDocumentKind, `one of ${[...DOCUMENT_KINDS].join(' ')}`],
};

/** What a field's value should have been, or null if it is that. An empty text is no value: the field is left out. */
export function formatFlaw({ type, max }: ProfileField, value: MetaValue): string | null {
  switch (type) {
    case 'text':
      return isText(value, max) ? null : `a text of ${range(max)}`;
    case 'texts':
      return Array.isArray(value) && value.length > 0 && value.every(item => isText(item, max))
        ? null
        : `a list of texts of ${range(max)} each`;
    case 'integer':
      return typeof value === 'number' && (max === 0 || Math.abs(value) <= max)
        ? null
        : max === 0
          ? 'an integer'
          : `an integer from -${max} to ${max}`;
    case 'issuers':
      return Array.isArray(value) &&
        value.length > 0 &&
        value.length <= MAX_ISSUERS &&
        value.every(item => typeof item === 'string' && isUscc(item)) &&
        new Set(value).size === value.length
        ? null
        : `a list of 1 to ${MAX_ISSUERS} unified social credit codes, each once`;
    case 'boolean':
      return typeof value === 'boolean' ? null : 'true or false';
    default: {
      const [holds, wanted] = TEXT_FORMATS[type];
      return typeof value === 'string' && isText(value, max) && holds(value) ? null : wanted;
    }
  }
}

function isText(value: MetaValue, max: number): boolean {
  return typeof value === 'string' && value !== '' && fits(value, max);
}

function range(max: number): string {
  return max === 0 ? 'at least 1 byte' : `1 to ${max} bytes`;
}
