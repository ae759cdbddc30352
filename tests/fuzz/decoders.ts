import type { Decoder } from './decoder.ts';
import { epochEntries } from './entries/epochs.ts';
import { fileEntries } from './entries/files.ts';
import { frameEntries } from './entries/frames.ts';
import { jsonEntries } from './entries/json.ts';
import { proofEntries } from './entries/proofs.ts';
import { recordEntries } from './entries/records.ts';
import { stateEntries } from './entries/state.ts';
import { textEntries } from './entries/texts.ts';
import { verdictEntries } from './entries/verdicts.ts';
import { fuzzWorld } from './world.ts';

/** Every decoder of bytes that the project does not make itself at that moment. */
export function decoders(): readonly Decoder[] {
  const world = fuzzWorld();
  return [
    ...jsonEntries(world),
    ...textEntries(world),
    ...proofEntries(world),
    ...recordEntries(world),
    ...epochEntries(world),
    ...stateEntries(world),
    ...frameEntries(world),
    ...fileEntries(world),
    ...verdictEntries(world),
  ];
}
