import { catalogue, type Fault, RECEIPT_SUFFIX } from '@qifeng/core';
import type { Context } from './context.ts';
import { explainFault } from './faults.ts';

/** Texts about a digest that no public record carries: more than that its absence does not say, as sealed records are salted. */
export const absentMessages = catalogue(
  {
    noPublicRecord: 'No public record',
    sealedByReceipt:
      'No public record carries this digest. A sealed record is not found by it, but by its receipt.',
    askReceipt: (receipt: string) => `With its receipt: qifeng status ${receipt}`,
  },
  {
    noPublicRecord: '无公开存证记录',
    sealedByReceipt: '没有公开的存证记录载有此摘要；密封的存证不能凭摘要查到，须凭其存证凭证。',
    askReceipt: (receipt: string) => `如持有其凭证：qifeng status ${receipt}`,
  },
);

/** Says what an absent digest means, and how a sealed record of the file is found; `failed` is why the receipt beside it is none of it. */
export function noteAbsent(file: string | null, failed: Fault | null, { out, lang }: Context): void {
  const words = absentMessages(lang);
  out.note(words.sealedByReceipt);
  if (file === null) return;
  const receipt = file + RECEIPT_SUFFIX;
  out.note(
    failed === null ? words.askReceipt(receipt) : `${receipt}: ${explainFault(failed.code, lang).says}`,
  );
}
