import type { PageWords } from '../words/page-words.ts';
import { byId } from './dom.ts';
import type { Chosen } from './files.ts';
import { sizeText, visible } from './text.ts';

/** Shows what was chosen in its slots. */
export function showSlots({ document, receipts, status }: Chosen, words: PageWords): void {
  const slots = {
    document: document === null ? [] : [document],
    receipt: receipts,
    status: status === null ? [] : [status],
  };
  for (const [id, files] of Object.entries(slots)) {
    byId(`${id}-slot`).classList.toggle('filled', files.length > 0);
    byId(`${id}-name`).textContent = namesOf(files, words);
    byId(`${id}-button`).textContent = files.length === 0 ? words.choose : words.chooseOther;
  }
}

function namesOf(files: readonly File[], words: PageWords): string {
  const [first] = files;
  if (first === undefined) return '';
  if (files.length > 1) return words.fileCount(files.length);
  return `${visible(first.name)} · ${sizeText(first.size)}`;
}
