import { randomBytes } from 'node:crypto';
import { nativeSuite } from '@qifeng/core/native';
import { Random } from '../../../packages/node/src/testing/simulator/random.ts';
import { Publisher } from '../../end-to-end/publisher.ts';
import type { ChaosNetwork } from '../network/chaos-network.ts';
import { readSubject, submit } from './client.ts';
import type { Read, Write } from './operations.ts';

/** Ms between two operations of one worker. */
const PAUSE_MS = 150;
/** Subjects remembered for reads. */
const REMEMBERED = 40;
/** Ms after which a record that nobody could make final is given up: a promise is broken. */
const GIVE_UP_MS = 120_000;

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** A subject that one worker writes. */
interface Open {
  readonly id: string;
  head: number | null;
  version: number;
}

/** A subject of which there is no record yet. */
function fresh(): Open {
  // Letters alone: some numbers in hex pass for a mobile number, which is refused.
  const id = randomBytes(8)
    .toString('hex')
    .replace(/[0-9]/g, digit => 'ghijklmnop'[Number(digit)]!);
  return { id, head: null, version: 0 };
}

/**
 * A steady load: a worker for each node that publishes, amends and repeals, reads at any node, and keeps sending the same
 * bytes, through other nodes too, until they are final. Everything is written down.
 */
export class Load {
  readonly writes: Write[] = [];
  readonly reads: Read[] = [];
  /** Records that no node made final in all the time they were sent. */
  readonly abandoned: string[] = [];
  /** Pairs of acts on one version of a subject, of which at most one may be recorded. */
  duels = 0;
  readonly #network: ChaosNetwork;
  readonly #publisher: Publisher;
  readonly #subjects: string[] = [];
  readonly #workers: Promise<unknown>[];
  readonly #streams = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(network: ChaosNetwork, seed: number) {
    this.#network = network;
    this.#publisher = new Publisher(network);
    this.#workers = network.honest.map(seat => this.#work(seat, new Random(seed + seat)));
  }

  get publisher(): string {
    return this.#publisher.id;
  }

  /**
   * Publishes every `every` ms, through one honest node after the other, though what came before is not final: something
   * always waits. Gives what ends it.
   */
  stream(every: number): () => void {
    const { honest } = this.#network;
    const random = new Random(0);
    let turn = 0;
    const timer = setInterval(() => {
      this.#workers.push(this.#write(honest[turn++ % honest.length]!, fresh(), 'publish', random));
    }, every);
    this.#streams.add(timer);
    return () => clearInterval(timer);
  }

  /** Lets every worker finish what it has begun. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#streams) clearInterval(timer);
    await Promise.all(this.#workers);
  }

  async #work(seat: number, random: Random): Promise<void> {
    let open: Open | null = null;
    while (!this.#stopped) {
      open = await this.#act(seat, open, random);
      for (let i = random.between(1, 2); i > 0; i--) await this.#read(random);
      await sleep(PAUSE_MS);
    }
  }

  /** One step in the life of a subject; gives it back while it goes on. */
  async #act(seat: number, open: Open | null, random: Random): Promise<Open | null> {
    if (open === null) {
      const subject = fresh();
      return this.#write(seat, subject, 'publish', random).then(done => (done ? subject : null));
    }
    if (random.chance(0.2)) {
      this.duels++;
      const rivals = [open, { ...open }];
      const other = random.pick(this.#network.honest);
      const won = await Promise.all([
        this.#write(seat, rivals[0]!, 'amend', random, true),
        this.#write(other, rivals[1]!, random.chance(0.5) ? 'amend' : 'repeal', random, true),
      ]);
      return won[0] ? open : null;
    }
    const action = random.chance(0.7) ? 'amend' : 'repeal';
    const done = await this.#write(seat, open, action, random);
    return done && action === 'amend' ? open : null;
  }

  /** Sends one act until it is final. A rival may be refused, and is then left. */
  async #write(seat: number, open: Open, action: string, random: Random, rival = false): Promise<boolean> {
    const document = new Uint8Array(randomBytes(32));
    const issuer = this.#publisher.id;
    const wire = this.#publisher.sign(document, {
      action,
      subject: { issuer, id: open.id },
      prev: open.head,
    });
    const subject = `${issuer}/${open.id}`;
    const digest = Buffer.from(nativeSuite.hasher.digest(document)).toString('hex');
    const invoked = performance.now();
    const end = (acknowledged: Write['acknowledged']): boolean => {
      this.writes.push({ type: 'write', subject, digest, invoked, ended: performance.now(), acknowledged });
      return acknowledged !== null;
    };
    for (let via = seat; ; via = random.pick(this.#network.honest)) {
      const disk = this.#network.diskOf(via);
      const sent = await submit(this.#network, via, wire);
      if (sent.type === 'final') {
        open.head = sent.index;
        open.version++;
        this.#remember(subject);
        return end({ seat: via, disk, height: sent.height, index: sent.index, proof: sent.proof });
      }
      // A node that is behind refuses what it does not know the reason for; so only a rival's refusal counts.
      if (sent.type === 'refused' && rival) return end(null);
      if (performance.now() - invoked > GIVE_UP_MS) {
        this.abandoned.push(`${action} of ${subject}: ${JSON.stringify(sent)}`);
        return end(null);
      }
      await sleep(PAUSE_MS);
    }
  }

  async #read(random: Random): Promise<void> {
    if (this.#subjects.length === 0) return;
    const subject = random.pick(this.#subjects);
    const seat = random.pick(this.#network.honest);
    const disk = this.#network.diskOf(seat);
    const invoked = performance.now();
    const answer = await readSubject(this.#network, seat, subject);
    if (answer === null || disk !== this.#network.diskOf(seat)) return;
    this.reads.push({ type: 'read', subject, invoked, ended: performance.now(), seat, disk, ...answer });
  }

  #remember(subject: string): void {
    if (this.#subjects.includes(subject)) return;
    this.#subjects.push(subject);
    if (this.#subjects.length > REMEMBERED) this.#subjects.shift();
  }
}
