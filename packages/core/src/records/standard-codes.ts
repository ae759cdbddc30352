import { isUscc } from './uscc.ts';

// GB/T 2260: the provincial units, with Taiwan, Hong Kong and Macao.
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82'.split(
    ' ',
  ),
);
const ISO_7064 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `YYYY-MM-DD` of the Gregorian calendar, years 0001 to 9999 (GB/T 7408.1). */
export function isDate(text: string): boolean {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (found === null) return false;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (year < 1 || month < 1 || month > 12) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day >= 1 && day <= MONTH_DAYS[month - 1]! + (month === 2 && leap ? 1 : 0);
}

/**
 * A six-digit code of an administrative division in the form of GB/T 2260: a known provincial unit, and no county
 * without a prefecture. Counties come and go, so the code itself is not looked up.
 */
export function isRegion(text: string): boolean {
  return (
    /^[0-9]{6}$/.test(text) &&
    PROVINCES.has(text.slice(0, 2)) &&
    (text.slice(2, 4) !== '00' || text.endsWith('00'))
  );
}

/**
 * An electronic certificate identifier (GB/T 36904-2018): `1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`,
 * its check character ISO 7064 MOD 37,36 over the fields joined without the OID and the dots.
 */
export function isCertificateId(text: string): boolean {
  const found =
    /^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{18})\.([0-9A-Z]{1,40})\.([0-9]{3})\.([0-9A-Z])$/.exec(
      text,
    );
  if (found === null) return false;
  const [, type, issuer, serial, version, check] = found;
  if (!isUscc(type!.slice(0, 18)) || !isUscc(issuer!)) return false;
  let product = 36;
  for (const character of type! + issuer! + serial! + version!)
    product = (((product + ISO_7064.indexOf(character)) % 36 || 36) * 2) % 37;
  return (product + ISO_7064.indexOf(check!)) % 36 === 1;
}

/** 财政电子票据 code: region, class, kind and year of two digits each. */
export function isBillCode(text: string): boolean {
  return /^[0-9]{8}$/.test(text) && PROVINCES.has(text.slice(0, 2));
}
