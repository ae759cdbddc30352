import { type Lang, toHex } from '@qifeng/core';
import { memberName } from '../../describe.ts';
import type { Evidence } from './evidence.ts';
import { html, Markup, preformatted } from './html.ts';
import { code, gridTable, when } from './tables.ts';
import { reportWords } from './words.ts';

/** What the paper can be checked by: who signed, the genesis, the receipt as text and as a code. */
export function appendix({ receipt, names: { chain }, qr }: Evidence, lang: Lang): Markup {
  const words = reportWords(lang);
  const { lines } = receipt.inspection;
  const signers = lines.map(({ kind, member, keyId, time }) => [
    member === null ? words.unknown : memberName(member, chain, lang),
    words.lineKinds[kind],
    code(keyId.toString(16).padStart(8, '0')),
    time === null ? words.noTime : when(time),
  ]);
  const image =
    qr === null
      ? html`<p>${words.noQr}</p>`
      : html`<figure role="img" aria-label="${words.qrHolds[qr.holds]}">${new Markup(qr.image)}
<figcaption>${words.qrHolds[qr.holds]} (${words.bytes(qr.bytes)})</figcaption></figure>`;
  return html`<section><h2>${words.appendixSigners}</h2>
${gridTable([words.province, words.signatureKind, words.keyId, words.time], signers)}
<h2>${words.appendixReceipt}</h2>
<p>${words.genesisHash}: ${code(`sha256:${toHex(chain.hash)}`)}</p>
<p>${words.receiptText}</p>
<pre>${preformatted(new TextDecoder().decode(receipt.bytes).replace(/\n$/, ''))}</pre>
${image}</section>`;
}
