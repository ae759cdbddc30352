// Ed25519 (RFC 8032) by node:crypto, and the two questions it does not answer: is a key the canonical encoding of a
// point of prime order, and is R the identity. With such a key any other R that satisfies the cofactorless equation
// is itself of prime order. OpenSSL refuses S >= L and compares R by its bytes.

import { createPublicKey, verify } from 'node:crypto';

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * power(121666n, P - 2n));
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Whether `signature` over `message` is valid under `key`. */
export function verifyEd25519(key, message, signature) {
  if (signature.length !== 64 || !isPrimeOrderKey(key)) return false;
  if (signature[0] === 1 && signature.subarray(1, 32).every(byte => byte === 0)) return false;
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' });
  return verify(null, message, publicKey, signature);
}

const known = new Map();

/** Whether `key` is the canonical encoding (RFC 8032 section 5.1.3) of a point of order L. */
export function isPrimeOrderKey(key) {
  const name = Buffer.from(key).toString('hex');
  if (!known.has(name)) {
    if (known.size > 1000) known.clear();
    const point = key.length === 32 ? decodePoint(key) : null;
    known.set(name, point !== null && !isIdentity(point) && isIdentity(times(L, point)));
  }
  return known.get(name);
}

function mod(a) {
  const rest = a % P;
  return rest < 0n ? rest + P : rest;
}

function power(base, exponent) {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b))
    if (e & 1n) result = mod(result * b);
  return result;
}

function decodePoint(bytes) {
  const number = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const sign = number >> 255n;
  const y = number & (2n ** 255n - 1n);
  if (y >= P) return null;
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
  if (mod(x * x) !== square || (x === 0n && sign === 1n)) return null;
  if ((x & 1n) !== sign) x = P - x;
  return { x, y, z: 1n, t: mod(x * y) };
}

/** The complete addition law of RFC 8032 section 5.1.4. */
function add(p, q) {
  const a = mod((p.y - p.x) * (q.y - q.x));
  const b = mod((p.y + p.x) * (q.y + q.x));
  const c = mod(2n * p.t * q.t * D);
  const d = mod(2n * p.z * q.z);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return { x: mod(e * f), y: mod(g * h), z: mod(f * g), t: mod(e * h) };
}

function times(scalar, point) {
  let result = { x: 0n, y: 1n, z: 1n, t: 0n };
  for (let p = point, k = scalar; k > 0n; k >>= 1n, p = add(p, p)) if (k & 1n) result = add(result, p);
  return result;
}

function isIdentity({ x, y, z }) {
  return x === 0n && y === z;
}
