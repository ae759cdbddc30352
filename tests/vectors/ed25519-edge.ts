import { createHash } from 'node:crypto';

// Rebuilds exactly the 914 Ed25519 edge vectors of C2SP/CCTV (https://github.com/C2SP/CCTV, folder ed25519): every
// combination of A and R among the eight points of small order, their six non-canonical encodings, and the eight
// points plus one prime-order point; for each, a message whose k mod 8 makes the torsion of R + [k]A cancel and one
// where a residue stays. Taken from there are facts only: the flags of its README, s = clamp(42 42 …), r = 13 37 13
// 37 … mod L, the messages "ed25519vectors", "ed25519vectors 1", …, and the order. The arithmetic is naive on
// purpose: affine coordinates, no library, nothing shared with the code under test.

/** One vector, in the field order of the published JSON. `flags` is null where Go writes an empty list so. */
export interface EdgeVector {
  readonly number: number;
  readonly key: string;
  readonly sig: string;
  readonly msg: string;
  readonly flags: readonly string[] | null;
}

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * inverse(121666n));

type Affine = readonly [x: bigint, y: bigint];
const ZERO: Affine = [0n, 1n];
const BASE: Affine = [
  15112221349535400772501151409588531511454012693041857206046113283949847762202n,
  46316835694926478169428394003475163141307993866256225615783033603165251855960n,
];

function mod(n: bigint, m = P): bigint {
  const rest = n % m;
  return rest < 0n ? rest + m : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = mod(base), left = exponent; left > 0n; left >>= 1n, square = mod(square * square))
    if (left & 1n) result = mod(result * square);
  return result;
}

function inverse(n: bigint): bigint {
  return power(n, P - 2n);
}

/** The addition law of RFC 8032 section 5.1, a = -1; complete, so it also doubles. */
function add([x1, y1]: Affine, [x2, y2]: Affine): Affine {
  const t = mod(D * x1 * x2 * y1 * y2);
  return [mod((x1 * y2 + x2 * y1) * inverse(1n + t)), mod((y1 * y2 + x1 * x2) * inverse(1n - t))];
}

function multiply(point: Affine, scalar: bigint): Affine {
  let result = ZERO;
  for (let double = point, left = scalar; left > 0n; left >>= 1n, double = add(double, double))
    if (left & 1n) result = add(result, double);
  return result;
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduceRight((n, byte) => (n << 8n) | BigInt(byte), 0n);
}

function toBytes(n: bigint): Buffer {
  return Buffer.from(n.toString(16).padStart(64, '0'), 'hex').reverse();
}

function encode(y: bigint, sign: bigint): Buffer {
  return toBytes(y | (sign << 255n));
}

/** A point of small order: `index` times the generator of the torsion group, and how it can be written. */
interface SmallPoint {
  readonly index: bigint;
  readonly point: Affine;
  readonly canonical: Buffer;
  readonly others: readonly Buffer[];
}

/** A point of order 8, from its y: the one with odd x. */
function torsionGenerator(): Affine {
  const y = toNumber(Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex'));
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
  const root = power(square, (P + 3n) / 8n);
  const x = mod(root * root) === square ? root : mod(root * power(2n, (P - 1n) / 4n));
  return [x % 2n === 0n ? x : P - x, y];
}

/** The eight of them by their encodings in lexicographic order, each with its alternative encodings. */
export function smallPoints(): SmallPoint[] {
  const generator = torsionGenerator();
  const points = Array.from({ length: 8 }, (_, index): SmallPoint => {
    const point = multiply(generator, BigInt(index));
    const [x, y] = point;
    const sign = x & 1n;
    const others: Buffer[] = [];
    if (x === 0n) others.push(encode(y, 1n));
    if (y < 19n) others.push(encode(y + P, sign));
    if (y < 19n && x === 0n) others.push(encode(y + P, 1n));
    return { index: BigInt(index), point, canonical: encode(y, sign), others };
  });
  return points.sort((a, b) => Buffer.compare(a.canonical, b.canonical));
}

/** One half of a signature: A or R, with its scalar, its small-order component and its canonical bytes. */
interface Half {
  readonly small: SmallPoint;
  readonly scalar: bigint;
  readonly bytes: Buffer;
}

function withoutPrimeOrder(small: SmallPoint, bytes: Buffer = small.canonical): Half {
  return { small, scalar: 0n, bytes };
}

function withPrimeOrder(small: SmallPoint, prime: Affine, scalar: bigint): Half {
  const [x, y] = add(prime, small.point);
  return { small, scalar, bytes: encode(y, x & 1n) };
}

function challenge(r: Buffer, a: Buffer, message: string): bigint {
  return toNumber(createHash('sha512').update(r).update(a).update(message).digest()) % L;
}

/** All vectors, in the published order. */
export function edgeVectors(): EdgeVector[] {
  const vectors: EdgeVector[] = [];
  const seed = Buffer.alloc(32, 0x42);
  seed[0] = 0x40;
  const s = toNumber(seed) % L; // 0x42…42 clamped: the low three bits cleared, bit 254 already set, bit 255 clear
  const r = toNumber(Buffer.alloc(64, Buffer.from([0x13, 0x37]))) % L;
  const primeA = multiply(BASE, s);
  const primeR = multiply(BASE, r);

  const addPair = (a: Half, rr: Half, reencode: boolean): void => {
    const hashed = (half: Half) => (reencode && half.scalar === 0n ? half.small.canonical : half.bytes);
    const isResidue = (k: bigint) => (rr.small.index + k * a.small.index) % 8n !== 0n;
    const found = new Set<boolean>();
    for (let wanted = 0n; wanted < 8n; wanted++) {
      let msg = 'ed25519vectors';
      let k = challenge(hashed(rr), hashed(a), msg);
      for (let t = 1; k % 8n !== wanted; t++) {
        msg = `ed25519vectors ${t}`;
        k = challenge(hashed(rr), hashed(a), msg);
      }
      if (found.has(isResidue(k))) continue;
      found.add(isResidue(k));
      const flags = [
        rr.scalar === 0n && 'low_order_R',
        a.scalar === 0n && 'low_order_A',
        rr.small.index !== 0n && 'low_order_component_R',
        a.small.index !== 0n && 'low_order_component_A',
        isResidue(challenge(rr.bytes, a.bytes, msg)) && 'low_order_residue',
        a.scalar === 0n && a.bytes !== a.small.canonical && 'non_canonical_A',
        rr.scalar === 0n && rr.bytes !== rr.small.canonical && 'non_canonical_R',
        reencode && 'reencoded_k',
      ].filter(flag => flag !== false);
      vectors.push({
        number: vectors.length,
        key: a.bytes.toString('hex'),
        sig: rr.bytes.toString('hex') + toBytes((k * a.scalar + rr.scalar) % L).toString('hex'),
        msg,
        flags: flags.length > 0 ? flags : null,
      });
    }
  };

  for (const smallA of smallPoints()) {
    for (const smallR of smallPoints()) {
      const [lowA, lowR] = [withoutPrimeOrder(smallA), withoutPrimeOrder(smallR)];
      const [fullA, fullR] = [withPrimeOrder(smallA, primeA, s), withPrimeOrder(smallR, primeR, r)];
      const oddA = smallA.others.map(bytes => withoutPrimeOrder(smallA, bytes));
      const oddR = smallR.others.map(bytes => withoutPrimeOrder(smallR, bytes));
      for (const a of [lowA, fullA]) for (const rr of [lowR, fullR]) addPair(a, rr, false);
      for (const a of oddA)
        for (const [rr, again] of [
          [lowR, false],
          [fullR, false],
          [fullR, true],
        ] as const)
          addPair(a, rr, again);
      for (const rr of oddR)
        for (const [a, again] of [
          [lowA, false],
          [fullA, false],
          [fullA, true],
        ] as const)
          addPair(a, rr, again);
      for (const a of oddA) for (const rr of oddR) addPair(a, rr, false);
    }
  }
  return vectors;
}
