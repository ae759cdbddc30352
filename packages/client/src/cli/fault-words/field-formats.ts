import type { Lang, ProfileField } from '@qifeng/core';

/** What a value of each type of field is, for a person, by language. */
const FORMATS: Readonly<Record<ProfileField['type'], Readonly<Record<Lang, string>>>> = {
  text: { en: 'text', zh: '文本' },
  texts: { en: 'several texts', zh: '若干文本' },
  integer: { en: 'integer', zh: '整数' },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  date: { en: 'date YYYY-MM-DD', zh: '日期 YYYY-MM-DD' },
  uscc: { en: 'unified social credit code', zh: '18 位统一社会信用代码' },
  region: { en: 'region of GB/T 2260, six digits', zh: '六位行政区划代码（GB/T 2260）' },
  'document-number': { en: 'document number, as 国办发〔2020〕1号', zh: '发文字号，如 国办发〔2020〕1号' },
  'certificate-id': {
    en: 'certificate identifier 1.2.156.3005.2.…',
    zh: '电子证照标识 1.2.156.3005.2.…（含校验位）',
  },
  code: { en: 'digits and capital letters without spaces', zh: '数字和大写字母，不含空格' },
  digest: { en: 'sha256: or sm3: and 64 hex digits', zh: 'sha256: 或 sm3: 加 64 位小写十六进制' },
  'bill-code': {
    en: 'bill code of 8 digits that begins with a region',
    zh: '8 位票据代码，前两位为省级行政区划',
  },
  'bill-number': { en: 'bill number of 10 digits', zh: '10 位票据号码' },
  'invoice-number': {
    en: 'invoice number of 20 digits, or a code of 12 and the number of 8 after it',
    zh: '20 位发票号码；旧式发票为 12 位代码后接 8 位号码',
  },
  'index-number': { en: 'index number, as 000014349/2020-00046', zh: '索引号，如 000014349/2020-00046' },
  'document-kind': { en: 'kind of document, such as 通知', zh: '公文文种，如 通知' },
  issuers: { en: 'codes of organisations', zh: '若干统一社会信用代码，各不相同' },
};

/** What a field's value is, with its bound where it has one. */
export function formatText({ type, max }: Pick<ProfileField, 'type' | 'max'>, lang: Lang): string {
  const format = FORMATS[type][lang];
  if (max === 0 || !['text', 'texts', 'integer'].includes(type)) return format;
  if (type === 'integer')
    return lang === 'zh' ? `${format}，绝对值不超过 ${max}` : `${format} of at most ${max} either way`;
  return lang === 'zh' ? `${format}，不超过 ${max} 字节` : `${format} of at most ${max} bytes`;
}
