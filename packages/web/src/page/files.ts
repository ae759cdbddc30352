import { byId } from './dom.ts';

/** Ending of a receipt's file name, after the document's own. */
const RECEIPT_SUFFIX = '.tlog-proof';
const GENESIS_NAME = 'genesis.cbor';

/** Files sorted by what they are: each the first of its kind, null without one. */
export interface Sorted {
  readonly document: File | null;
  readonly receipt: File | null;
  readonly genesis: File | null;
}

/** Sorts files by their names, so that a person may drop or choose them together and anywhere. */
export function sortFiles(files: readonly File[]): Sorted {
  const isReceipt = ({ name }: File) => name.toLowerCase().endsWith(RECEIPT_SUFFIX);
  const isGenesis = ({ name }: File) => name === GENESIS_NAME;
  return {
    document: files.find(file => !isReceipt(file) && !isGenesis(file)) ?? null,
    receipt: files.find(isReceipt) ?? null,
    genesis: files.find(isGenesis) ?? null,
  };
}

/** Listens to the file inputs and to drops anywhere on the page. */
export function listenForFiles(taken: (files: Sorted) => void): void {
  const onInput = (id: string, sort: (files: readonly File[]) => Sorted) => {
    const input = byId<HTMLInputElement>(id);
    input.addEventListener('change', () => {
      if (input.files !== null && input.files.length > 0) taken(sort([...input.files]));
      // The same file chosen again is to be read again.
      input.value = '';
    });
  };
  const nothing: Sorted = { document: null, receipt: null, genesis: null };
  // What is chosen in a slot belongs there whatever its name, unless it can only be a receipt.
  onInput('document', files => {
    const sorted = sortFiles(files);
    return { ...sorted, document: sorted.document ?? sorted.genesis, genesis: null };
  });
  onInput('receipt', ([receipt = null]) => ({ ...nothing, receipt }));
  onInput('genesis', ([genesis = null]) => ({ ...nothing, genesis }));

  const { classList } = document.body;
  document.addEventListener('dragover', event => {
    event.preventDefault();
    classList.add('dragging');
  });
  document.addEventListener('dragleave', event => {
    if (event.relatedTarget === null) classList.remove('dragging');
  });
  document.addEventListener('drop', event => {
    event.preventDefault();
    classList.remove('dragging');
    const files = [...(event.dataTransfer?.files ?? [])];
    const slot = event.target instanceof Element ? event.target.closest('.slot')?.id : undefined;
    // One file dropped on a slot belongs there, as if it had been chosen.
    if (files.length === 1 && slot === 'receipt-slot') taken({ ...nothing, receipt: files[0]! });
    else if (files.length > 0) taken(sortFiles(files));
  });
}
