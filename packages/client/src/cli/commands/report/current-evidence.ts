import { resolve } from 'node:path';
import { type Chain, CliError, EXIT, type Fault, MAX_STATUS_BYTES, type VerifiedReceipt } from '@qifeng/core';
import type { NodeClient } from '../../../sdk/client.ts';
import { NodeError } from '../../../sdk/node-error.ts';
import type { Context } from '../../context.ts';
import { faultText } from '../../fault-text.ts';
import { explainFault } from '../../faults.ts';
import { readSmall } from '../../files.ts';
import { Prover } from '../../prover.ts';
import { inboundOf } from '../history/inbound.ts';
import { isFaulty, trailOf } from '../history/provenance.ts';
import { currentStanding, provenStanding } from '../verify/standing.ts';
import type { CurrentEvidence } from './evidence.ts';
import { reportMessages } from './messages.ts';

/** Where the standing of a record is to come from. */
export interface CurrentSource {
  readonly statusProof: string | undefined;
  readonly offline: boolean;
  readonly maxAgeMs: number;
  /** Whom to ask where neither a proof is given nor the report made offline; null where no node is known. */
  readonly client: NodeClient | null;
}

/**
 * The standing of a record's subject and its history, as far as there is a source. Throws with exit code 1 where a proof in
 * a file does not hold, and where a node's history contradicts the proofs: neither is to be part of a report.
 */
export async function gatherCurrent(
  record: VerifiedReceipt,
  { statusProof, offline, maxAgeMs, client }: CurrentSource,
  chain: Chain,
  context: Context,
): Promise<CurrentEvidence> {
  const prover = new Prover(chain, maxAgeMs);
  if (statusProof !== undefined) {
    const bytes = await readSmall(
      resolve(context.io.cwd, statusProof),
      statusProof,
      MAX_STATUS_BYTES,
      context,
    );
    const standing = provenStanding(record, bytes, prover, null);
    if (!standing.ok) throw refuted(statusProof, standing.fault, context);
    return { standing: standing.value, history: null, inbound: null };
  }
  if (offline) return { standing: 'offline', history: null, inbound: null };
  if (client === null) return { standing: 'no-node', history: null, inbound: null };
  const standing = await currentStanding(record, prover, client);
  if (typeof standing === 'string') return { standing, history: null, inbound: null };
  return withHistory(record, standing, { client, trust: { chain, prover }, context });
}

async function withHistory(
  record: VerifiedReceipt,
  standing: Exclude<CurrentEvidence['standing'], string>,
  sources: Parameters<typeof trailOf>[1],
): Promise<CurrentEvidence> {
  const { context, client } = sources;
  try {
    const trail = await trailOf(standing.status.asked, sources);
    const words = reportMessages(context.lang);
    const mine = trail.records.some(({ record: { index } }) => index === record.index);
    const told = trail.fault && faultText(trail.fault, context.lang);
    const why = told ?? (mine ? null : words.otherHistory(record.index));
    if (isFaulty(trail) || !mine)
      throw new CliError(EXIT.refuted, trail.fault?.code ?? 'history-gap', {
        what: words.badHistory,
        why,
        next: words.badHistoryNext,
      });
    // One proof for both: the standing is as of the time to which the history is complete.
    const one = trail.status === null ? standing : { node: client.node, status: trail.status };
    const inbound = await inboundOf(standing.status.asked, sources, trail);
    return { standing: one, history: trail, inbound };
  } catch (error) {
    if (error instanceof NodeError) return { standing, history: null, inbound: null };
    throw error;
  }
}

/** That something was not verified, and that there is therefore no report. */
export function refuted(file: string, { code, detail }: Fault, { lang }: Context): CliError {
  const { says, next } = explainFault(code, lang);
  const what = `${reportMessages(lang).noReport(file)} ${says}`;
  return new CliError(EXIT.refuted, code, { what, why: faultText({ code, detail }, lang), next });
}
