import { type LedgerRecord, type Read, STATES, type Value, type Write } from '../load/operations.ts';

/*
 * What is promised of a subject's standing, a register that publish, amend and repeal write:
 *
 * 1. A read that reports height h gives the value after exactly the records of the blocks up to h.
 * 2. Writes are linearizable: one acknowledged before another was sent stands below it in the log.
 * 3. Nothing is read or acknowledged before it was sent.
 * 4. Reads of one node never go back: not below an earlier answer's height, and not below what the node itself had
 *    acknowledged before.
 *
 * So log order with each read placed at the end of its height is one order of all operations that explains every answer
 * (1), and keeps to real time among writes (2), between a read and the writes sent after it (3), and for all that one node
 * told (4). A read at a node that is behind may be older than another node's acknowledgement; it says so by its height.
 * Instead of searching for an order, the checker takes that one, which makes it linear in the number of operations.
 *
 * A node whose disk lost something begins anew: 4 holds for each disk alone.
 */

/** Every way in which a history breaks the promise; none when all is well. */
export function linearizabilityFlaws(
  records: readonly LedgerRecord[],
  writes: readonly Write[],
  reads: readonly Read[],
): string[] {
  const registers = registersOf(records);
  return [
    ...reads.flatMap(read => wrongValue(read, registers.get(read.subject) ?? [])),
    ...writes.flatMap(write => wrongPlace(write, records)),
    ...writesOutOfOrder(writes),
    ...early(records, writes, reads),
    ...steppedBack(writes, reads),
  ];
}

interface Version extends Value {
  readonly height: number;
}

/** The values of each subject, oldest first. */
function registersOf(records: readonly LedgerRecord[]): ReadonlyMap<string, readonly Version[]> {
  const registers = new Map<string, Version[]>();
  for (const { subject, index, height, version, action } of byIndex(records)) {
    const versions = registers.get(subject) ?? [];
    registers.set(subject, versions);
    versions.push({ head: index, version, state: STATES[action] ?? action, height });
  }
  return registers;
}

function wrongValue({ subject, seat, height, value }: Read, versions: readonly Version[]): string[] {
  const right = versions.findLast(version => version.height <= height);
  if (right !== undefined && (['head', 'version', 'state'] as const).every(key => right[key] === value[key]))
    return [];
  const { head, version, state } = value;
  const said = `${state} by record ${head}, version ${version}`;
  const is = right === undefined ? 'without a record' : `${right.state} by record ${right.head}`;
  return [`${subject}: node ${seat} said at height ${height} ${said}; there it is ${is}`];
}

function wrongPlace({ digest, acknowledged }: Write, records: readonly LedgerRecord[]): string[] {
  if (acknowledged === null) return [];
  const { index, height } = acknowledged;
  const record = records[index];
  if (record?.index === index && record.digest === digest && record.height === height) return [];
  return [`record ${index}, acknowledged in block ${height}, is not there on the ledger`];
}

type Told = Write & { readonly acknowledged: NonNullable<Write['acknowledged']> };

function isTold(write: Write): write is Told {
  return write.acknowledged !== null;
}

function writesOutOfOrder(writes: readonly Write[]): string[] {
  const told = writes.filter(isTold);
  const flaws: string[] = [];
  const ends = [...told].sort((a, b) => a.ended - b.ended);
  let last: Told | null = null;
  let at = 0;
  for (const write of [...told].sort((a, b) => a.invoked - b.invoked)) {
    for (; at < ends.length && ends[at]!.ended < write.invoked; at++)
      if (last === null || ends[at]!.acknowledged.index > last.acknowledged.index) last = ends[at]!;
    if (last !== null && last.acknowledged.index > write.acknowledged.index)
      flaws.push(
        `record ${write.acknowledged.index} was sent after record ${last.acknowledged.index} was acknowledged`,
      );
  }
  return flaws;
}

/** Answers that came before what they tell of was sent. */
function early(records: readonly LedgerRecord[], writes: readonly Write[], reads: readonly Read[]): string[] {
  const invoked = new Map(writes.map(write => [write.digest, write.invoked]));
  const sentAt = new Map(records.map(({ index, digest }) => [index, invoked.get(digest)]));
  return reads.flatMap(({ subject, seat, value, ended }) => {
    const sent = sentAt.get(value.head);
    return sent === undefined || sent <= ended
      ? []
      : [`${subject}: node ${seat} told of record ${value.head} before it was sent`];
  });
}

/** Heights that one node's disk told, in the order of time, where a later question got a lower answer. */
function steppedBack(writes: readonly Write[], reads: readonly Read[]): string[] {
  const answers = [
    ...reads.map(({ seat, disk, invoked, ended, height }) => ({ seat, disk, invoked, ended, height })),
    ...writes.filter(isTold).map(({ acknowledged: { seat, disk, height }, ended }) => ({
      seat,
      disk,
      ended,
      height,
      invoked: null,
    })),
  ];
  const groups = new Map<string, typeof answers>();
  for (const answer of answers) {
    const name = `node ${answer.seat}, disk ${answer.disk}`;
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(answer);
  }
  const flaws: string[] = [];
  for (const [name, group] of groups) {
    const ends = [...group].sort((a, b) => a.ended - b.ended);
    let highest = 0;
    let at = 0;
    const asked = group.flatMap(answer => (answer.invoked === null ? [] : [answer]));
    for (const { invoked, height } of asked.sort((a, b) => a.invoked - b.invoked)) {
      for (; at < ends.length && ends[at]!.ended < invoked; at++)
        highest = Math.max(highest, ends[at]!.height);
      if (height < highest) flaws.push(`${name}: answered at height ${height} after ${highest}`);
    }
  }
  return flaws;
}

function byIndex(records: readonly LedgerRecord[]): readonly LedgerRecord[] {
  return [...records].sort((a, b) => a.index - b.index);
}
