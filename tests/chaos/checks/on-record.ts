import { accusationCodec, accusationFlaw, bytesOfHex, decode } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { until } from '../../end-to-end/network.ts';
import { unwrap } from '../../fixtures/builder.ts';
import type { ChaosNetwork } from '../network/chaos-network.ts';
import { chainOf, recordsOf } from './final.ts';
import { type Accused, onRecordFlaws } from './verdicts.ts';

/** A member that the command shows as on record. */
interface Shown {
  readonly code: string;
  readonly record: number;
  readonly fresh: boolean;
}

/**
 * Has the evidence against the liars recorded, through two nodes at once; gives what is wrong with what every honest node
 * shows then, and with what the command says when it is given again.
 */
export async function recorded(network: ChaosNetwork, publisher: string): Promise<string[]> {
  const [first, second] = network.honest as [number, number];
  const flaws = (await Promise.all([accuse(first), accuse(second)])).flatMap(({ err }) => err);
  const told = (): Promise<readonly (readonly Accused[])[]> =>
    Promise.all(
      network.honest.map(
        async seat => (await network.json<{ accused: Accused[] }>(seat, '/v1/evidence')).accused,
      ),
    );
  await until(
    async () => (await told()).every(all => all.length > 0 && all.every(({ record }) => record !== null)),
    'the evidence is on record at every node',
  ).catch(() => flaws.push('the evidence is not on record at every node'));
  const answers = await told();
  const again = await accuse(first);
  flaws.push(...again.err);
  if (again.shown.some(({ fresh }) => fresh)) flaws.push('the same was recorded again');
  const records = await recordsOf(network, second, publisher);
  return [
    ...flaws,
    ...onRecordFlaws(answers, records, network.culprits),
    ...answers[0]!.flatMap(({ evidence }) => (evidence === null ? [] : disproof(evidence))),
  ];

  async function accuse(seat: number): Promise<{ readonly shown: readonly Shown[]; readonly err: string[] }> {
    const files = ['--genesis', 'genesis.cbor', '--key', `keys/${publisher}.pem`];
    const node = ['--node', network.nodes[seat]!.url];
    const done = await network.whileRunning('qifeng-node', 'members', 'accuse', ...files, ...node, '--json');
    if (done.code !== 0) return { shown: [], err: [`members accuse ended with ${done.code}: ${done.err}`] };
    return { shown: (JSON.parse(done.out) as { accused: Shown[] }).accused, err: [] };
  }

  /** Why evidence proves nothing, by the genesis alone. */
  function disproof(evidence: string): readonly string[] {
    const { hash: genesis, origin, validators } = chainOf(network);
    const accusation = unwrap(decode(accusationCodec, bytesOfHex(evidence)));
    const { key } = validators.find(({ code }) => code === accusation.code)!;
    const flaw = accusationFlaw(accusation, key, { genesis, origin, suite: nativeSuite });
    return flaw === null ? [] : [`the evidence against ${accusation.code}: ${flaw.detail}`];
  }
}
