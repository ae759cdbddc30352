import {
  blockHash,
  type Chain,
  type Entry,
  emptyEdge,
  encode,
  genesisCodec,
  readGenesis,
  type TileEdge,
  usccCheckCharacter,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import {
  entry,
  header,
  keyOf,
  submission,
  testChain,
  unwrap,
} from '../../../../core/src/execution/testing/ledger.ts';
import { action, field, link, profile } from '../../../../core/src/execution/testing/profiles.ts';
import { applyBlock, genesisWrite } from '../../engine/apply.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';

const { hasher } = nativeSuite;
const PLACES =
  '北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆'.split(
    ' ',
  );
const CODES =
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65'.split(' ');
const OFFICES =
  '发改委 教育厅 科技厅 工信厅 公安厅 民政厅 司法厅 财政厅 人社厅 自然资源厅 住建厅 交通厅 水利厅 农业农村厅 商务厅 文旅厅 卫健委 市场监管局 医保局 税务局'.split(
    ' ',
  );
const MATTERS =
  '区块链产业发展 数据共享开放 电子证照管理 优化营商环境 不动产登记 中小企业融资 政务服务一网通办 食品药品追溯 社会信用体系 数字乡村 城市更新 水污染防治 养老服务 医疗保障 知识产权保护 安全生产 公共资源交易 财政电子票据 招标投标 人才引进 碳达峰 防汛抗旱 职业教育 智慧交通'.split(
    ' ',
  );
const KINDS = '的通知 的意见 实施细则 三年行动计划 管理办法 若干措施 的公告 的批复 工作方案 试点方案'.split(
  ' ',
);
const WORDS = 'blockchain API ISO9001 GB33480 open-data v2 pilot 2025'.split(' ');

/** What a library is made of. */
export interface LibraryPlan {
  readonly publishers: number;
  readonly profiles: number;
  readonly seed: number;
  /** Share of records that are about a subject that has one. */
  readonly follow: number;
}

/** One record of a library as it was made. */
export interface MadeRecord {
  readonly entry: Entry;
  readonly state: string;
  /** Log index of the subject's next record, or null. */
  next: number | null;
}

/** A ledger of documents that look like real ones, made from a seed, block by block. */
export class Library {
  readonly chain: Chain;
  readonly records: MadeRecord[] = [];
  /** Log sizes at the ends of blocks. */
  readonly sizes: number[] = [0];
  readonly #plan: LibraryPlan;
  readonly #publishers: readonly string[];
  #random: number;
  #edge: TileEdge = emptyEdge;
  #parent: Uint8Array;
  /** Heads of the subjects of each publisher that are in force. */
  readonly #open = new Map<string, { index: number; entry: Entry }[]>();

  constructor(plan: LibraryPlan) {
    this.#plan = plan;
    this.#random = plan.seed;
    this.#publishers = Array.from({ length: plan.publishers }, (_, i) => codeOf(i));
    this.chain = chainOf(this.#publishers, plan.profiles);
    this.#parent = this.chain.hash;
  }

  /** The codes of the publishers. */
  get publishers(): readonly string[] {
    return this.#publishers;
  }

  async begin(store: LedgerStore): Promise<void> {
    const { genesisHash, state, pages } = genesisWrite(this.chain, nativeSuite);
    await store.initialise(genesisHash, state, pages);
  }

  /** Executes a block of about `count` records on the store; gives the seconds of this thread that executing and storing took. */
  async grow(store: LedgerStore, count: number, indexed = true): Promise<number> {
    const base = this.records.length;
    const used = new Set<string>();
    const submissions = [];
    // A publisher has one submission a block.
    while (this.records.length < base + count && used.size < this.#publishers.length) {
      const publisher = this.pick(this.#publishers);
      if (used.has(publisher)) continue;
      used.add(publisher);
      const entries = this.#entries(
        publisher,
        Math.min(1 + this.below(4), base + count - this.records.length),
        base,
      );
      submissions.push(submission(this.chain, entries, { publisher }, hasher));
    }
    this.sizes.push(this.records.length);
    const next = { ...header(this.chain, this.sizes.length - 1, this.sizes.length), parent: this.#parent };
    this.#parent = blockHash(next, hasher);
    const begun = process.threadCpuUsage();
    const applied = applyBlock(this.chain, nativeSuite, store, next, this.#parent, submissions, this.#edge);
    const refused = applied.write.outcomes.find(({ refusal }) => refusal !== null);
    if (refused !== undefined || applied.dropped.length > 0) throw new Error(JSON.stringify(refused));
    await store.commit(indexed ? applied.write : { ...applied.write, documents: [] });
    this.#edge = applied.edge;
    const { user, system } = process.threadCpuUsage(begun);
    return (user + system) / 1e6;
  }

  /** A number from 0 to below `end`, from the seed (xorshift32). */
  below(end: number): number {
    this.#random ^= this.#random << 13;
    this.#random ^= this.#random >>> 17;
    this.#random ^= this.#random << 5;
    return (this.#random >>> 0) % end;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  #entries(publisher: string, count: number, base: number): Entry[] {
    const open = this.#open.get(publisher) ?? [];
    this.#open.set(publisher, open);
    const old = open.filter(({ index }) => index < base);
    return Array.from({ length: count }, () => {
      const follows = old.length > 0 && this.below(1000) < this.#plan.follow * 1000;
      const before = follows ? old.splice(this.below(old.length), 1)[0]! : null;
      const made = before === null ? this.#publish(publisher, old) : this.#amend(before);
      const index = this.records.length;
      if (before !== null) {
        this.records[before.index]!.next = index;
        open.splice(open.indexOf(before), 1);
      }
      const state = made.action === 'repeal' ? 'repealed' : made.action === 'amend' ? 'amended' : 'in-force';
      this.records.push({ entry: made, state, next: null });
      if (state !== 'repealed') open.push({ index, entry: made });
      return made;
    });
  }

  #publish(publisher: string, linked: readonly { index: number; entry: Entry }[]): Entry {
    const serial = this.records.length;
    const meta = new Map<string, string>([['title', this.#title()]]);
    if (this.below(10) < 7)
      meta.set(
        'number',
        `${this.pick(PLACES).slice(0, 1)}政发〔${2015 + this.below(11)}〕${1 + this.below(400)}号`,
      );
    if (this.below(10) < 6) meta.set('published', this.#date());
    else if (this.below(10) < 5) meta.set('made', this.#date());
    if (this.below(10) < 2) meta.set('region', `${this.pick(CODES)}0000`);
    if (this.below(10) < 2) meta.set('note', this.pick(WORDS));
    if (this.below(10) < 2) meta.set('effective', this.#date());
    if (this.below(10) < 2) meta.set('expires', this.#date(2026));
    const target = linked.length > 0 && this.below(10) < 2 ? this.pick(linked) : null;
    const name = target?.entry.profile ?? this.chain.genesis.profiles[this.below(this.#plan.profiles)]!.name;
    return entry('', {
      profile: name,
      action: 'publish',
      subject: { issuer: publisher, id: `D-${serial}` },
      digest: this.#digest(serial),
      links: target === null ? [] : [{ rel: 'replaces', subject: target.entry.subject, index: target.index }],
      meta,
    });
  }

  #amend({ index, entry: before }: { index: number; entry: Entry }): Entry {
    const kind = this.below(10);
    const meta = new Map<string, string>();
    if (this.below(10) < 2) meta.set('expires', this.#date(2026));
    if (kind < 3) meta.set('title', this.#title());
    if (kind === 0) meta.set('number', `修〔2025〕${1 + this.below(99)}号`);
    if (kind === 4) meta.set('made', this.#date());
    if (kind > 4) meta.set('reason', `依据${this.pick(MATTERS)}评估`);
    return entry('', {
      profile: before.profile,
      action: this.below(3) === 0 ? 'repeal' : 'amend',
      subject: before.subject,
      digest: kind < 2 ? this.#digest(this.records.length) : null,
      prev: index,
      meta,
    });
  }

  #title(): string {
    const text = `${this.pick(PLACES)}省${this.pick(OFFICES)}关于印发${this.pick(MATTERS)}${this.pick(KINDS)}`;
    return this.below(10) < 2 ? `${text}（${this.pick(WORDS)}）` : text;
  }

  #date(first = 2015): string {
    const two = (value: number) => String(value).padStart(2, '0');
    return `${first + this.below(11)}-${two(1 + this.below(12))}-${two(1 + this.below(28))}`;
  }

  /** One digest in fifty is another document's too. */
  #digest(serial: number): Entry['digest'] {
    const name = this.below(50) === 0 && serial > 0 ? this.below(serial) : serial;
    return { alg: 'sha256', hash: hasher.digest(new TextEncoder().encode(`document ${name}`)) };
  }
}

const LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** The code of publisher `i`: `91`, a division, nine characters, the check character. */
function codeOf(i: number): string {
  let serial = '';
  for (let rest = i, k = 0; k < 9; k++, rest = Math.floor(rest / LETTERS.length))
    serial = LETTERS[rest % LETTERS.length] + serial;
  const first = `91${CODES[i % CODES.length]}${['0000', '0100', '0102'][i % 3]}${serial}`;
  return first + usccCheckCharacter(first);
}

function chainOf(publishers: readonly string[], profiles: number): Chain {
  const { genesis } = testChain([]);
  const title = { zh: '测试', en: 'test' };
  const texts = ['title', 'note', 'reason'].map(name => field('text', { name }));
  const dates = ['published', 'made', 'effective', 'expires'].map(name => field('date', { name }));
  const fields = [...texts, ...dates, field('document-number', { name: 'number' }), field('region')];
  const made = Array.from({ length: profiles }, (_, i) => {
    const name = `record-${String.fromCharCode(97 + i)}`;
    const states = (['in-force', 'amended', 'repealed'] as const).map(state => ({
      name: state,
      title,
      standing: state,
    }));
    const later = { from: ['in-force', 'amended'], fields };
    const actions = [
      action('publish', { to: 'in-force', fields, links: [link('replaces', name)] }),
      action('amend', { ...later, to: 'amended' }),
      action('repeal', { ...later, to: 'repealed' }),
    ];
    return profile(name, actions, { states });
  });
  const bytes = encode(genesisCodec, {
    ...genesis,
    publishers: publishers
      .map((id, i) => ({
        id,
        name: `演示${PLACES[i % PLACES.length]}机构 ${id}`,
        home: '110000',
        keys: [keyOf(id)],
        roles: [],
        quota: 0,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    profiles: made,
  });
  return unwrap(readGenesis(bytes, nativeSuite));
}
