import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ADMIT_MEMBERS,
  CHANGE_MEMBERS,
  type Chain,
  CliError,
  faultsTolerated,
  type MembershipChange,
} from '@qifeng/core';
import { DEFAULT_CONFIG, formatConfig } from '../../config/config.ts';
import { type NodeHome, openNodeHome, pathsIn } from '../../config/node-home.ts';
import { openChain } from '../chain.ts';
import {
  addNodes,
  askNode,
  type ClusterNode,
  clusterOf,
  freePorts,
  isAlive,
  localTimeout,
  startNodes,
  stopNodes,
} from '../cluster.ts';
import { fault } from '../complaints.ts';
import { seedMembers, seedPublishers } from '../genesis-plan.ts';
import { newHome, replaceKeys } from '../new-home.ts';
import { approved } from './approval.ts';
import { type Carrier, readCarrier, recordFinally } from './carrier.ts';
import { candidateOf } from './membership.ts';
import { type SetNow, setAt } from './nodes.ts';
import { type Content, entryOf, merged, proposalOf } from './proposal.ts';
import { addressesOf } from './request.ts';

/** How long a newcomer may take to hold what the others hold, ms. */
const CATCH_UP_MS = 300_000;

/** One epoch that a resize began. */
export interface Step {
  readonly epoch: number;
  readonly height: number;
  readonly validators: readonly string[];
}

/**
 * Brings a local network to `count` validators, in as many epochs as it takes: each change is approved by a quorum of the
 * set it ends and names no more members than either set bears as faulty. Newcomers are admitted and catch up before they
 * join; who leaves is stopped, and its old keys erased. Nodes made for fewer than share the processors then are started again with more patience.
 */
export async function resize(home: string, count: number, told: (step: Step) => void): Promise<void> {
  const network = new Network(home);
  await network.patient(localTimeout(count));
  for (let set = await network.set(); set.validators.length !== count; set = await network.set()) {
    const from = set.validators.length;
    const budget = Math.min(faultsTolerated(from), Math.abs(count - from));
    const names = from < count ? await network.newcomers(set, budget, count) : leavers(set, budget);
    if (names.length === 0) throw fault('cannot-resize', from, count);
    told(await network.change(set, names, from < count));
  }
}

/**
 * Gives a validator of a local network new keys, for one that lost its own or its memory of what they signed: it stops,
 * follows with the new ones, and votes by them from the next epoch on. The old ones are erased.
 */
export async function rekey(home: string, code: string): Promise<Step> {
  const network = new Network(home);
  const set = await network.set();
  await stopNodes(home, [code]);
  replaceKeys(join(home, 'nodes', code));
  await network.restarted(code);
  return network.change(await network.set(), [code], true).catch(error => {
    throw set.validators.length < 4
      ? fault('cannot-resize', set.validators.length, set.validators.length)
      : error;
  });
}

/** Those last by code, as many as the new set bears. */
function leavers({ validators }: SetNow, budget: number): readonly string[] {
  let count = budget;
  while (count > 0 && count > faultsTolerated(validators.length - count)) count--;
  return validators.slice(validators.length - count);
}

/** Gives a node at least so much patience from its next start on, ms; false if it has it. */
function raised({ path, config }: NodeHome, timeout: number): boolean {
  if (config.consensus.timeout >= timeout) return false;
  const consensus = { ...config.consensus, timeout };
  writeFileSync(pathsIn(path).config, formatConfig({ ...config, consensus }));
  return true;
}

class Network {
  readonly #home: string;
  readonly #chain: Chain;
  readonly #carrier: Carrier;

  constructor(home: string) {
    this.#home = home;
    this.#chain = openChain(join(home, 'genesis.cbor'));
    const { id } = seedPublishers()[0]!;
    this.#carrier = readCarrier(join(home, 'keys', `${id}.pem`), id, undefined);
  }

  set(): Promise<SetNow> {
    return setAt(this.#url);
  }

  /** Gives each validator at least so much patience, ms: one after the other, so that the others go on. */
  async patient(timeout: number): Promise<void> {
    for (const code of (await this.set()).validators) {
      if (!raised(this.#open(code), timeout) || !isAlive(this.#node(code).pid)) continue;
      await stopNodes(this.#home, [code]);
      await this.restarted(code);
    }
  }

  /** The next members by code that are of no set, as some of `count`: homes made, admitted, started, and caught up. */
  async newcomers(set: SetNow, budget: number, count: number): Promise<readonly string[]> {
    const free = seedMembers()
      .map(({ code }) => code)
      .filter(code => !set.validators.includes(code));
    const names = free.slice(0, budget);
    const fresh = names.filter(code => !clusterOf(this.#home).some(({ member }) => member === code));
    const ports = await freePorts(this.#home, fresh.length);
    const homes = fresh.map((code, i) => {
      const path = join(this.#home, 'nodes', code);
      const node = existsSync(path)
        ? openNodeHome(path, {})
        : newHome(path, code, { ...DEFAULT_CONFIG, ...ports[i]! });
      writeFileSync(join(path, 'genesis.cbor'), readFileSync(join(this.#home, 'genesis.cbor')));
      return node;
    });
    addNodes(this.#home, homes);
    for (const code of names) raised(this.#open(code), localTimeout(count));
    if (names.length > 0) await this.#admit(set, names);
    // What they sign must be of this epoch, which the admission is.
    const final = await this.#final();
    await startNodes(this.#home, names);
    for (const name of names) await this.#caughtUp(name, final);
    return names;
  }

  /** Starts a node that was stopped, and waits until it holds what the others hold. */
  async restarted(code: string): Promise<void> {
    const final = await this.#final();
    await startNodes(this.#home, [code]);
    await this.#caughtUp(code, final);
  }

  /** Ends the epoch: those named join, or come back with new keys, or leave. */
  async change(set: SetNow, names: readonly string[], join: boolean): Promise<Step> {
    const { height } = join ? await this.#joined(set, names) : await this.#changed(set, names, false);
    const next = set.epoch + 1;
    await this.#until(async () => (await this.set()).epoch >= next);
    if (!join) await this.#leave(names);
    return { epoch: next, height, validators: (await this.set()).validators };
  }

  /** Stops those that left. Their keys could make another continuation of the epochs they voted in: they are erased. */
  async #leave(names: readonly string[]): Promise<void> {
    await stopNodes(this.#home, names);
    for (const code of names) replaceKeys(join(this.#home, 'nodes', code));
  }

  /** A newcomer's proof is of a block that grows old while others prepare theirs: then all are made again. */
  async #joined(set: SetNow, names: readonly string[]) {
    for (const end = Date.now() + CATCH_UP_MS; ; ) {
      const final = await this.#final();
      for (const name of names) await this.#caughtUp(name, final);
      try {
        return await this.#changed(set, names, true);
      } catch (error) {
        if (!(error instanceof CliError) || error.code !== 'no-possession' || Date.now() > end) throw error;
      }
    }
  }

  async #changed(set: SetNow, names: readonly string[], join: boolean) {
    const member = async (code: string): Promise<MembershipChange['members'][number]> => {
      if (!join) return { code, validator: null };
      const home = this.#open(code);
      const { url } = this.#node(code);
      return {
        code,
        validator: await candidateOf(home.keys, addressesOf(home), this.#chain, set.epoch, url),
      };
    };
    const members = await Promise.all(names.map(member));
    const change: MembershipChange = { v: 1, epoch: set.epoch, members };
    return this.#carryOut(set, { action: CHANGE_MEMBERS, change }, names);
  }

  async #admit(set: SetNow, names: readonly string[]): Promise<void> {
    const contacts = names.map(code => {
      const node = this.#open(code);
      return { code, p2pKey: node.keys.p2p.publicKey, addresses: addressesOf(node) };
    });
    const change = { v: 1 as const, epoch: set.epoch, carrier: this.#carrier.id, contacts };
    await this.#carryOut(set, { action: ADMIT_MEMBERS, change }).catch(error => {
      // A second resize may admit the same members once more.
      if (!String(error.message).includes('change-refused')) throw error;
    });
  }

  /**
   * Has a change approved by a quorum and recorded, those that it is about not asked. A node's home is held open by its
   * process only for its store: keys may be read beside it.
   */
  async #carryOut(set: SetNow, content: Content, except: readonly string[] = []) {
    const proposal = proposalOf(this.#chain, content);
    const asked = set.validators.filter(code => !except.includes(code) && isAlive(this.#node(code).pid));
    // All at once: one after another, a newcomer's proof would grow too old on the way.
    const each = await Promise.all(
      asked
        .slice(0, set.quorum)
        .map(code => approved(proposal, this.#open(code), this.#chain, this.#node(code).url)),
    );
    return recordFinally(this.#url, this.#chain, this.#carrier, entryOf(merged(each), this.#carrier.id));
  }

  /** Height of the last final block at a node that runs; asked until it answers. */
  async #final(): Promise<number> {
    let final: number | undefined;
    await this.#until(async () => {
      final = (await askNode(this.#running))?.final;
      return final !== undefined;
    });
    return final!;
  }

  async #caughtUp(code: string, height: number): Promise<void> {
    const node = this.#node(code);
    await this.#until(async () => ((await askNode(node))?.final ?? 0) >= height);
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + CATCH_UP_MS; !(await holds().catch(() => false)); ) {
      if (Date.now() > end) throw fault('no-answer', this.#url, 'the change does not take hold');
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }

  get #running(): ClusterNode {
    return clusterOf(this.#home).find(({ pid }) => isAlive(pid))!;
  }

  get #url(): string {
    return this.#running.url;
  }

  #node(code: string): ClusterNode {
    return clusterOf(this.#home).find(({ member }) => member === code)!;
  }

  #open(code: string): NodeHome {
    return openNodeHome(join(this.#home, 'nodes', code), {});
  }
}
