import { join } from 'node:path';
import { equalBytes, MAX_BODIES_BYTES } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import { Submissions } from '../../../bench/load/source.ts';
import { ownOf } from '../../../packages/node/src/cli/own.ts';
import { openNodeHome } from '../../../packages/node/src/config/node-home.ts';
import { Engine } from '../../../packages/node/src/engine/engine.ts';
import { type Epochs, epochsOf } from '../../../packages/node/src/engine/epochs.ts';
import type { Batch } from '../../../packages/node/src/mempool/batch.ts';
import { assembleNode, loadChain } from '../../../packages/node/src/node.ts';
import type { Transport } from '../../../packages/node/src/ports/transport.ts';
import { openGuardFile } from '../../../packages/node/src/storage/file-guard.ts';
import { openFileLog } from '../../../packages/node/src/storage/file-log.ts';
import { openLevelStore } from '../../../packages/node/src/storage/level-store.ts';
import { Random } from '../../../packages/node/src/testing/simulator/random.ts';
import { createLibp2pTransport } from '../../../packages/node/src/transport/libp2p-transport.ts';
import { createVerificationPool } from '../../../packages/node/src/verification/pool.ts';
import type { Behaviour, Hand } from './behaviour.ts';
import { combined } from './behaviours.ts';

/*
 * A Byzantine member as a process of its own: an honest node with no HTTP interface, whose frames pass through behaviours
 * on their way out. One that withholds bodies takes in submissions itself, so that it has some. It says every second how
 * many lies of each kind it told, and where it stands. It may have left the set: then its home has the key that it voted
 * with. Arguments: home, seed, behaviours.
 */

/** Ms between two submissions of its own, between two lines of its log, and between two ticks of a behaviour. */
const SUBMIT_MS = 250;
const TELL_MS = 1_000;
const TICK_MS = 100;

/** What the node inside is told of a batch; those it knows whole have submissions. */
type Offered = Parameters<Engine['offer']>[0] & Partial<Pick<Batch, 'submissions'>>;

/**
 * The engine inside, held as it starts, as nothing else shows its state; and the batches that it does not hear of, because
 * a behaviour does not want them ordered now.
 */
class Held {
  engine: Engine | null = null;
  readonly #batches = new Map<string, Offered>();

  constructor(behaviour: () => Required<Behaviour>) {
    const held = this;
    const { start, offer } = Engine.prototype;
    Engine.prototype.start = function (): Promise<void> {
      held.engine = this;
      return start.call(this);
    };
    Engine.prototype.offer = function (batch: Offered): void {
      const offers = behaviour().offers(batch.digest);
      if (offers) held.#batches.delete(batch.digest);
      else held.#batches.set(batch.digest, batch);
      if (offers) offer.call(this, batch);
    };
  }

  /** Offers them again, but for those that others had ordered meanwhile. */
  offer(isExecuted: (id: Uint8Array) => boolean): void {
    for (const batch of [...this.#batches.values()]) {
      if (batch.submissions?.some(({ id }) => isExecuted(id)) === true) this.#batches.delete(batch.digest);
      else this.engine?.offer(batch);
    }
  }
}

/** A transport whose frames a behaviour changes. */
function lying(inner: Transport, behaviour: Required<Behaviour>): Transport {
  return new Proxy(inner, {
    get(target, name) {
      if (name !== 'send') {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' && name !== 'onFrame' && name !== 'onPeer'
          ? value.bind(target)
          : value;
      }
      const send: Transport['send'] = (to, frame, lane) => {
        for (const one of behaviour.outgoing(to, frame)) target.send(to, one, lane);
      };
      return send;
    },
    set(target, name, value) {
      if (name !== 'onFrame') return Reflect.set(target, name, value, target);
      const onFrame = value as Transport['onFrame'];
      target.onFrame = (from, frame) => {
        behaviour.incoming(frame, from);
        return onFrame(from, frame);
      };
      return true;
    },
  });
}

/** The last epoch in which a key has a vote. */
function votedIn(epochs: Epochs, key: Uint8Array): Hand['voted'] {
  for (let epoch = epochs.newest(); epoch >= 0; epoch--) {
    const position = epochs.set(epoch)!.validators.findIndex(one => equalBytes(one.key, key));
    if (position >= 0) return { epoch, position };
  }
  return null;
}

function say(level: string, event: string, fields: object = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
}

function fatal(error: unknown): void {
  say('error', 'fatal', { error: error instanceof Error ? error.stack : String(error) });
  process.exit(1);
}

async function run(path: string, seed: number, behaviours: readonly string[]): Promise<void> {
  const suite = nativeSuite;
  const home = openNodeHome(path, process.env);
  const chain = loadChain(join(path, 'genesis.cbor'), suite);
  const pool = createVerificationPool();
  const store = await openLevelStore(home.db);
  const wal = await openFileLog(home.wal);
  const honest = createLibp2pTransport({
    me: home.member,
    members: [],
    privateKey: home.keys.p2p.seed,
    listen: [`/ip4/${home.config.p2p.host}/tcp/${home.config.p2p.port}`],
    genesisHash: chain.hash,
    log: () => {},
  });
  const lies: Record<string, number> = Object.fromEntries(behaviours.map(name => [name, 0]));
  const held = new Held(() => behaviour);
  const epochs = epochsOf(chain, suite, store);
  const codes = epochs.set(epochs.newest())!.validators.map(({ code }) => code);
  const hand: Omit<Hand, 'lied'> = {
    genesis: chain.hash,
    hasher: suite.hasher,
    signer: home.keys.validator,
    random: new Random(seed),
    codes,
    peers: codes.filter(code => code !== home.member),
    voted: votedIn(epochs, home.keys.validator.publicKey),
    node: {
      get state() {
        return held.engine?.state ?? null;
      },
      connected: () => honest.connected(),
      offerHeld: () => held.offer(id => store.outcome(id) !== null),
      send: (to, frame, lane) => honest.send(to, frame, lane),
    },
  };
  const behaviour = combined(behaviours, hand, name => {
    lies[name] = (lies[name] ?? 0) + 1;
  });
  const own = ownOf(chain, home);
  const node = await assembleNode({
    chain,
    suite,
    own: { ...own, settings: { ...own.settings, fill: MAX_BODIES_BYTES } },
    keys: home.keys,
    store,
    wal,
    guard: openGuardFile(home.guard),
    transport: lying(honest, behaviour),
    snapshots: { interval: home.config.snapshot.interval, fetching: null },
    pool,
    log: say,
    fatal,
  });
  await node.start();
  say('info', 'started', { member: home.member, behaviours });
  if (behaviours.includes('withhold-bodies')) {
    const submissions = new Submissions(join(path, '..', '..'));
    setInterval(() => void node.service.submit(submissions.sign(1), null).catch(fatal), SUBMIT_MS);
  }
  setInterval(() => behaviour.tick(), TICK_MS);
  setInterval(() => say('info', 'lied', { of: lies, epoch: held.engine?.state?.config.epoch }), TELL_MS);
  process.once('SIGTERM', () => {
    void (async () => {
      await node.stop();
      await pool.close();
      await wal.close();
      await store.close();
    })().then(() => process.exit(0), fatal);
  });
}

process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);
const [path, seed, ...behaviours] = process.argv.slice(2);
await run(path!, Number(seed), behaviours);
