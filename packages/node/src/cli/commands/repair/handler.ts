import { join } from 'node:path';
import { EXIT, type ExitCode } from '@qifeng/core';
import { switchStore } from '../../../storage/store-switch.ts';
import { openChain } from '../../chain.ts';
import type { Context } from '../../context.ts';
import { openHome } from '../../home.ts';
import { newestEpoch, type RebuiltLedger, rebuildLedger } from '../../repair/ledger.ts';
import { forgetAll, type Memory, memoryIn } from '../../repair/memory.ts';
import { examineStore, withPool } from '../../store-check.ts';
import { repairMessages } from './messages.ts';

/** Why a key lost its memory. */
type Loss = 'log-damaged' | 'guard-damaged' | 'log-ahead';

/**
 * Mends the home of a stopped node. The ledger is executed again from the blocks that are left; what log and guard remember
 * is never changed, but where they are damaged or lead beyond that ledger the key loses its vote.
 */
export async function repair(path: string, context: Context): Promise<ExitCode> {
  const home = openHome(path, context.streams.env);
  const chain = openChain(join(home.path, 'genesis.cbor'));
  // A node that runs has its store to itself: this says so before anything is changed.
  const { flaws, memory, ledger } = await withPool(async pool => {
    const found = await examineStore(chain, home.db, pool);
    if (found.error?.code === 'store-version') throw found.error;
    return {
      flaws: found.flaws,
      memory: await memoryIn(home, chain),
      ledger: found.flaws.length === 0 ? null : await rebuildLedger(chain, home.path, home.db, pool),
    };
  });
  const lost = lossIn(memory, ledger?.epoch ?? (await newestEpoch(chain, home.db)));
  // Before the ledger: a shorter one never meets a vote that it does not bear.
  const aside = lost === null ? [] : await forgetAll(home, memory, lost !== 'guard-damaged');
  if (ledger !== null) aside.push(...(await switchStore(home.db)));
  report({ home: home.path, flaws, ledger, lost, aside }, context);
  return EXIT.done;
}

function lossIn({ log, guard, epoch }: Memory, newest: number): Loss | null {
  if (log === 'damaged') return 'log-damaged';
  if (epoch !== null && epoch > newest) return 'log-ahead';
  return guard === 'damaged' ? 'guard-damaged' : null;
}

interface Repaired {
  readonly home: string;
  readonly flaws: readonly string[];
  readonly ledger: RebuiltLedger | null;
  readonly lost: Loss | null;
  readonly aside: readonly string[];
}

function report({ home, flaws, ledger, lost, aside }: Repaired, { lang, json, out }: Context): void {
  const words = repairMessages(lang);
  if (json) {
    out.json({ home, flaws, ledger, amnesia: lost, aside });
    return;
  }
  if (ledger === null && lost === null) {
    out.heading(true, home, words.sound);
    return;
  }
  const reasons = {
    'log-damaged': words.logDamaged,
    'guard-damaged': words.guardDamaged,
    'log-ahead': words.logAhead,
  };
  out.heading(true, home, words.mended);
  for (const flaw of flaws) out.sentence(flaw);
  const rows: [string, string][] = [];
  if (ledger !== null) rows.push([words.ledger, words.kept(ledger.height)]);
  if (ledger?.stopped) rows.push([words.why, ledger.stopped]);
  if (ledger !== null && ledger.top > ledger.height)
    rows.push(['', words.fetched(ledger.height + 1, ledger.top)]);
  for (const one of aside) rows.push([words.aside, one]);
  rows.push([words.vote, lost === null ? words.remembers : words.amnesia]);
  if (lost !== null) rows.push([words.reason, reasons[lost]]);
  out.rows(rows);
}
