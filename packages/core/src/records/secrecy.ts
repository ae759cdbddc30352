import type { Entry, MetaValue } from './entry.ts';

/** 密级: these say that there is none; an empty one is not given, which its format judges. */
const OPEN = new Set<MetaValue | undefined>([undefined, null, '', 'none', '公开', '无', '非密', '不涉密']);
const LEVEL = '(?:绝密|机密|秘密)';
/** The period after the star (GB/T 9704-2012, 7.2.2), where there is one: ★10年, ★6个月, ★长期, ★启用前. */
const PERIOD = '(?:[★☆*][^【】［］()（）〔〕[\\]]{0,16})?';
const OPENS = '[【［[(（〔]';
const CLOSES = '[】］\\])）〕]';
const MARKINGS = [
  // A star makes a marking of it anywhere.
  new RegExp(`${LEVEL}[级級]?[★☆]`),
  new RegExp(`${LEVEL}[级級]?\\*(?:[0-9一二三四五六七八九十]|长期)`),
  new RegExp(`^${OPENS}${LEVEL}[级級]?${PERIOD}${CLOSES}`),
  new RegExp(`${OPENS}${LEVEL}[级級]?${PERIOD}${CLOSES}$`),
  new RegExp(`^(?:密级[:：]?)?${LEVEL}[级級]?$`),
];
// What separates the two characters of a level in print, or is not seen.
const SPACE = /[\t\n\r \u00a0\u00ad\u200b-\u200f\u2002-\u200a\u2060\u3000\ufeff]/g;

/**
 * Whether a document is marked secret: its field `secrecy` says anything but that it is not, or a text of it, the id of its
 * subject or its origin is a marking or bears one.
 */
export function isMarkedSecret({
  meta,
  subject,
  origin,
}: Pick<Entry, 'meta' | 'subject' | 'origin'>): boolean {
  const secrecy = meta.get('secrecy');
  if (typeof secrecy === 'string' && !OPEN.has(secrecy)) return true;
  const texts = [...meta.values()].flatMap(value => (Array.isArray(value) ? value : [value]));
  if (origin !== null) texts.push(origin.method, origin.tool, origin.operator);
  return [subject.id, ...texts].some(text => typeof text === 'string' && bearsMarking(text));
}

/** Whether a text is a marking of GB/T 9704, or bears one: with its star, or in brackets at the beginning or the end. */
export function bearsMarking(text: string): boolean {
  if (!text.includes('密')) return false;
  const plain = text.replace(SPACE, '');
  return MARKINGS.some(marking => marking.test(plain));
}
