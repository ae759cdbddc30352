import { byId } from './dom.ts';

/** Endings of the names of proofs. */
const RECEIPT_SUFFIX = '.tlog-proof';
const STATUS_SUFFIX = '.status-proof';
const GENESIS_NAME = 'genesis.cbor';

/** What is to be judged; null and none where it is not there. */
export interface Chosen {
  readonly document: File | null;
  readonly receipts: readonly File[];
  readonly status: File | null;
}

/** Nothing chosen. */
export const NOTHING: Chosen = { document: null, receipts: [], status: null };

/** Files sorted by what they are: each the first of its kind but for receipts. */
export interface Sorted extends Chosen {
  readonly genesis: File | null;
}

/** Sorts files by their names, so that a person may drop or choose them together and anywhere. */
export function sortFiles(files: readonly File[]): Sorted {
  const isReceipt = ({ name }: File) => name.toLowerCase().endsWith(RECEIPT_SUFFIX);
  const isStatus = ({ name }: File) => name.toLowerCase().endsWith(STATUS_SUFFIX);
  const isGenesis = ({ name }: File) => name === GENESIS_NAME;
  return {
    document: files.find(file => !isReceipt(file) && !isStatus(file) && !isGenesis(file)) ?? null,
    receipts: files.filter(isReceipt),
    status: files.find(isStatus) ?? null,
    genesis: files.find(isGenesis) ?? null,
  };
}

/** What was chosen before with what is chosen now in its place. */
export function withMore(before: Chosen, { document, receipts, status }: Chosen): Chosen {
  return {
    document: document ?? before.document,
    receipts: receipts.length > 0 ? receipts : before.receipts,
    status: status ?? before.status,
  };
}

const NO_FILES: Sorted = { ...NOTHING, genesis: null };

/** What a slot makes of files: they belong there whatever their names, unless they can only be something else. */
const SLOTS: Readonly<Record<string, (files: readonly File[]) => Sorted>> = {
  document: files => {
    const sorted = sortFiles(files);
    return { ...sorted, document: sorted.document ?? sorted.genesis, genesis: null };
  },
  receipt: files => {
    const sorted = sortFiles(files);
    return sorted.receipts.length > 0 ? sorted : { ...NO_FILES, receipts: files };
  },
  status: ([status = null]) => ({ ...NO_FILES, status }),
  genesis: ([genesis = null]) => ({ ...NO_FILES, genesis }),
};

/** Listens to the file inputs and to drops anywhere on the page. */
export function listenForFiles(taken: (files: Sorted) => void): void {
  for (const [id, sort] of Object.entries(SLOTS)) {
    const input = byId<HTMLInputElement>(id);
    input.addEventListener('change', () => {
      if (input.files !== null && input.files.length > 0) taken(sort([...input.files]));
      // The same file chosen again is to be read again.
      input.value = '';
    });
  }

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
    if (files.length === 0) return;
    const slot = event.target instanceof Element ? event.target.closest('.slot')?.id : undefined;
    // One file dropped on the slot of a proof belongs there, as if it had been chosen.
    const isProof = files.length === 1 && (slot === 'receipt-slot' || slot === 'status-slot');
    taken(isProof ? SLOTS[slot.replace('-slot', '')]!(files) : sortFiles(files));
  });
}
