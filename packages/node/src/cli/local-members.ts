import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Admission,
  admissionCodec,
  admissionEntry,
  type Chain,
  encode,
  faultsTolerated,
  type MembershipChange,
  readGenesis,
} from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';
import { DEFAULT_CONFIG } from '../config/config.ts';
import { type NodeHome, openNodeHome } from '../config/node-home.ts';
import {
  addNodes,
  askNode,
  type ClusterNode,
  clusterOf,
  freePorts,
  isAlive,
  startNodes,
  stopNodes,
} from './cluster.ts';
import { fault } from './complaints.ts';
import { demoSeed, seedMembers, seedPublishers } from './genesis-plan.ts';
import {
  approve,
  type Carrier,
  candidateOf,
  changeBytes,
  changeEntry,
  recordFinally,
  type SetNow,
  setAt,
  sorted,
} from './membership.ts';
import { newHome, replaceKeys } from './new-home.ts';

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
 * join; who leaves is stopped.
 */
export async function resize(home: string, count: number, told: (step: Step) => void): Promise<void> {
  const network = new Network(home);
  for (let set = await network.set(); set.validators.length !== count; set = await network.set()) {
    const from = set.validators.length;
    const budget = Math.min(faultsTolerated(from), Math.abs(count - from));
    const names = from < count ? await network.newcomers(set, budget) : leavers(set, budget);
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

class Network {
  readonly #home: string;
  readonly #chain: Chain;
  readonly #carrier: Carrier;

  constructor(home: string) {
    this.#home = home;
    const genesis = new Uint8Array(readFileSync(join(home, 'genesis.cbor')));
    const chain = readGenesis(genesis, nativeSuite);
    if (!chain.ok) throw fault('bad-genesis', join(home, 'genesis.cbor'), chain.fault.detail);
    this.#chain = chain.value;
    const { id } = seedPublishers()[0]!;
    this.#carrier = { id, signer: nativeSigner(demoSeed(join(home, 'keys', `${id}.pem`))) };
  }

  set(): Promise<SetNow> {
    return setAt(this.#url);
  }

  /** The next members by code that are of no set: homes made, admitted, started, and caught up. */
  async newcomers(set: SetNow, budget: number): Promise<readonly string[]> {
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
    if (names.length > 0) await this.#admit(set, names);
    // What they sign must be of this epoch, which the admission is.
    const { final } = (await askNode(this.#url))!;
    await startNodes(this.#home, names);
    for (const name of names) await this.#caughtUp(name, final);
    return names;
  }

  /** Starts a node that was stopped, and waits until it holds what the others hold. */
  async restarted(code: string): Promise<void> {
    const { final } = (await askNode(this.#url))!;
    await startNodes(this.#home, [code]);
    await this.#caughtUp(code, final);
  }

  /** Ends the epoch: those named join, or come back with new keys, or leave. */
  async change(set: SetNow, names: readonly string[], join: boolean): Promise<Step> {
    const members: MembershipChange['members'][number][] = [];
    for (const code of names) {
      const { keys } = this.#open(code);
      const url = this.#node(code).url;
      const validator = join
        ? await candidateOf(keys, this.#addresses(code), this.#chain, set.epoch, url)
        : null;
      members.push({ code, validator });
    }
    const change: MembershipChange = { v: 1, epoch: set.epoch, members };
    const approvals = this.#approvals(set, changeBytes(change), names);
    const { height } = await this.#record(changeEntry(this.#carrier, change, approvals));
    const next = set.epoch + 1;
    await this.#until(async () => (await this.set()).epoch >= next);
    if (!join) await stopNodes(this.#home, names);
    return { epoch: next, height, validators: (await this.set()).validators };
  }

  async #admit(set: SetNow, names: readonly string[]): Promise<void> {
    const contacts = names.map(code => ({
      code,
      p2pKey: this.#open(code).keys.p2p.publicKey,
      addresses: this.#addresses(code),
    }));
    const admission: Admission = { v: 1, epoch: set.epoch, carrier: this.#carrier.id, contacts };
    const approvals = this.#approvals(set, encode(admissionCodec, admission));
    await this.#record(admissionEntry(admission, sorted(approvals), nativeSuite.hasher)).catch(error => {
      // A second resize may admit the same members once more.
      if (!String(error.message).includes('change-refused')) throw error;
    });
  }

  /** A node's home is held open by its process only for its store: keys may be read beside it. */
  #approvals(set: SetNow, bytes: Uint8Array, except: readonly string[] = []) {
    return set.validators
      .filter(code => !except.includes(code))
      .slice(0, set.quorum)
      .map(code => approve(this.#open(code), this.#chain, set.epoch, bytes));
  }

  #record(entry: Parameters<typeof recordFinally>[3]): Promise<{ readonly height: number }> {
    return recordFinally(this.#url, this.#chain, this.#carrier, entry);
  }

  async #caughtUp(code: string, height: number): Promise<void> {
    const { url } = this.#node(code);
    await this.#until(async () => ((await askNode(url))?.final ?? 0) >= height);
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + CATCH_UP_MS; !(await holds().catch(() => false)); ) {
      if (Date.now() > end) throw fault('no-answer', this.#url, 'the change does not take hold');
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }

  /** A node that runs. */
  get #url(): string {
    return clusterOf(this.#home).find(({ pid }) => isAlive(pid))!.url;
  }

  #node(code: string): ClusterNode {
    return clusterOf(this.#home).find(({ member }) => member === code)!;
  }

  #open(code: string): NodeHome {
    return openNodeHome(join(this.#home, 'nodes', code), {});
  }

  #addresses(code: string): readonly string[] {
    return [`/ip4/127.0.0.1/tcp/${this.#open(code).config.p2p.port}`];
  }
}
