import { CliError, EXIT, type ExitCode, visible } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { loadNetwork, type NetworkLoad } from '../../../bench/load.ts';
import { figure, percentile, type Row } from '../../../bench/measure.ts';
import { speeds } from '../../../bench/speeds.ts';
import type { Context } from '../../context.ts';
import { faultText } from '../../fault-text.ts';
import { loadKey } from '../../keys.ts';
import { knownNodes, nodeComplaint, noNodes } from '../../nodes.ts';
import { requireChain } from '../../trust.ts';
import type { BenchFlags, BenchRequest } from './flags.ts';
import { benchMessages } from './messages.ts';

/** Loads the nodes that are known, then measures this machine; ends with 1 if a receipt is false, 3 if nothing became final. */
export async function bench(
  request: BenchRequest,
  flags: BenchFlags,
  patienceMs: number,
  context: Context,
): Promise<ExitCode> {
  const chain = await requireChain(flags.genesis, context);
  const nodes = await knownNodes(context);
  if (nodes.length === 0) throw noNodes(context);
  const { publisher, signer } = await loadKey(flags, context);
  const { signal, lang } = context;
  const plan = { ...request, nodes, chain, suite: nativeSuite, publisher, signer, patienceMs, signal };
  const load = await loadNetwork(plan).catch((error: unknown) => {
    throw nodeComplaint(error, context);
  });
  if ('code' in load) {
    const words = benchMessages(lang);
    const complaint = { what: words.refused, why: visible(faultText(load, lang)), next: words.refusedNext };
    throw new CliError(EXIT.refused, load.code, complaint);
  }
  tell(request, nodes, load, await speeds(), context);
  if (load.falseReceipt !== null) return EXIT.refuted;
  return load.done === 0 ? EXIT.unreachable : EXIT.done;
}

function tell(
  { clients, entries }: BenchRequest,
  nodes: readonly string[],
  load: NetworkLoad,
  rows: readonly Row[],
  { json, lang, out }: Context,
): void {
  const { done, others, latencies, seconds, checked, falseReceipt } = load;
  const rate = (done * entries) / seconds;
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  if (json) {
    const ms = (value: number) => (done === 0 ? null : value);
    const counts = { nodes, clients, entries, seconds, submissions: done, recordsPerSecond: rate };
    const receipts = { checked, false: falseReceipt };
    out.json({
      load: { ...counts, p50Ms: ms(p50), p99Ms: ms(p99), others: Object.fromEntries(others), receipts },
      speeds: rows.map(({ what, value, limits }) => ({ what, perSecond: value, limits })),
    });
    return;
  }
  const words = benchMessages(lang);
  const more = nodes.length > 1 ? words.more(nodes.length - 1) : '';
  out.heading(falseReceipt === null && done > 0, words.headline(nodes[0]!) + more, '');
  out.rows([
    [words.rate, words.aSecond(figure(rate))],
    [words.receiptIn, words.latency(figure(p50), figure(p99))],
    [words.counted, words.countedFor(done, seconds.toFixed(1), clients, entries)],
    [
      words.others,
      others.size === 0 ? null : [...others].map(([code, count]) => `${code} ${count}`).join(', '),
    ],
    [words.receipts, falseReceipt === null ? words.sound(checked) : words.unsound(falseReceipt)],
  ]);
  out.heading(null, words.speedsOf, '');
  const named: Readonly<Record<string, readonly string[]>> = words.speeds;
  out.rows(
    rows.map(({ what, value, limits }) => {
      const [label, limit] = named[what]!;
      const { ratio, value: most } = limits[0]!;
      return [
        label!,
        `${figure(value)}  ${words.ofLimit(`${Math.round(ratio * 100)}%`, limit!, figure(most))}`,
      ];
    }),
  );
}
