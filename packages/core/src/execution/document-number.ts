import { isDocumentNumber } from './formats.ts';

/**
 * A document number as it is compared: full-width brackets 〔 〕 round the year (GB/T 9704-2012). Other brackets are typed
 * for want of these.
 */
export function normalNumber(text: string): string {
  return text.replace(/[[(【（［〔]([0-9]{4})[\])】）］〕]/, '〔$1〕');
}

/** A subject's id as it is typed: that of a document number in normal form, any other as it is. */
export function normalId(id: string): string {
  const number = normalNumber(id);
  return isDocumentNumber(number) ? number : id;
}
