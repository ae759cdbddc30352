import { accusationValueCodec, decode, text, tuple, uint } from '@qifeng/core';
import type { NodeService } from '../ports/node-service.ts';
import { leafAt, stored } from './state.ts';

const nameCodec = tuple(text(64), text(64), uint());

/** Members accused on the ledger in an epoch, by code, each with the log index of its accusation. */
function recordedIn({ ledger }: NodeService, epoch: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [name, value] of ledger.stateOfKind('accusation')) {
    const [, code, of] = stored(decode(nameCodec, name), 'a name');
    if (of === epoch) found.set(code, stored(decode(accusationValueCodec, value), 'an accusation').record);
  }
  return found;
}

/** Those of an epoch whose signatures contradict each other, as this node or the ledger has it, by code. */
export function accusedIn(
  service: NodeService,
  epoch: number,
  held: Iterable<string> = service.evidence(epoch).keys(),
): { readonly code: string; readonly record: number | null }[] {
  const recorded = recordedIn(service, epoch);
  return [...new Set([...held, ...recorded.keys()])]
    .sort()
    .map(code => ({ code, record: recorded.get(code) ?? null }));
}

/** The same with the bytes of each accusation: those on record, or else this node's; null if it holds neither. */
export function evidenceIn(
  service: NodeService,
  epoch: number,
): { readonly code: string; readonly record: number | null; readonly evidence: Uint8Array | null }[] {
  const held = service.evidence(epoch);
  return accusedIn(service, epoch, held.keys()).map(({ code, record }) => {
    const leaf = record === null ? null : leafAt(service.ledger, record);
    const said = leaf?.entry.value.meta.get('evidence');
    return { code, record, evidence: said instanceof Uint8Array ? said : (held.get(code) ?? null) };
  });
}
