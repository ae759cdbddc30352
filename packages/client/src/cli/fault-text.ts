import { type Fault, HTTP_ERRORS, type HttpErrorCode, type Lang } from '@qifeng/core';
import { NODE_WORDS } from './fault-words/node.ts';
import { PROOF_WORDS } from './fault-words/proofs.ts';
import { REFUSAL_WORDS, type RefusalFacts } from './fault-words/refusals.ts';

/** The same for what only this command finds. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  'other-publisher': '由另一发布机构签署，请用其密钥重新存证',
  'receipt-missing': '节点没有给出该记录的凭证',
  'no-public-record': '截至证明所示时间，没有公开的存证记录载有此文件的这一摘要',
  'other-text': '该证明所述标的的现行文本是另一文件',
};

/** What a code of ERRORS.md, or of the HTTP interface, is in Chinese; null for one that is not known here. */
export function codeWords(code: string): string | null {
  const words = PROOF_WORDS[code] ?? REFUSAL_WORDS[code]?.says ?? NODE_WORDS[code] ?? OWN_WORDS[code];
  if (words !== undefined) return words;
  return Object.hasOwn(HTTP_ERRORS, code) ? HTTP_ERRORS[code as HttpErrorCode].title.zh : null;
}

/** The sentence of a fault: in English its detail; in Chinese what its code says, and the detail as it was written. */
export function faultText({ code, detail }: Fault, lang: Lang): string {
  if (lang === 'en') return detail;
  const words = codeWords(code);
  return words === null ? detail : `${words}（原文：${detail}）`;
}

/**
 * The sentence of a refusal by the ledger. In Chinese it is told in terms of the entry, where `facts` has enough of it, else as
 * a fault is; and what to do follows.
 */
export function refusalText(fault: Fault, facts: RefusalFacts | null, lang: Lang): string {
  const words = lang === 'zh' ? REFUSAL_WORDS[fault.code] : undefined;
  if (words === undefined) return faultText(fault, lang);
  const said = facts === null ? null : (words.of?.(facts) ?? null);
  return `${said ?? faultText(fault, lang)}。${words.next}`;
}
