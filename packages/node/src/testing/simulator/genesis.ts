import {
  type Chain,
  DEFAULT_PARAMETERS,
  encode,
  type Genesis,
  genesisCodec,
  invariant,
  type NewValidator,
  possessionBytes,
  readGenesis,
  type Signer,
  type Suite,
  toHex,
  toUtf8,
} from '@qifeng/core';
import { nativeSigner, nativeSuite } from '@qifeng/core/native';
import { NOTE } from './note-profile.ts';

/** A member's keys are numbered: its own number, and a thousand more each time it comes back with new ones. */
const AGAIN = 1_000;

/** Number of the validator key of a member that came back with new keys `generation` times. */
export function keyNumber(id: number, generation: number): number {
  return id + generation * AGAIN;
}

/** The member whose key has this number. */
export function ownerOf(key: number): number {
  return key % AGAIN;
}

/** Code of a member: in the order of their numbers. */
export function codeOf(id: number): string {
  return `${110000 + 10000 * id}`;
}

/** The member with this code. */
export function idOf(code: string): number {
  return (Number(code) - 110000) / 10000;
}

const signers = new Map<string, Signer>();
const numbers = new Map<string, number>();

function signerOf(kind: 'validator' | 'log' | 'p2p', key: number): Signer {
  const name = `simulated ${kind} ${key}`;
  let signer = signers.get(name);
  if (signer === undefined) {
    signer = nativeSigner(nativeSuite.hasher.digest(toUtf8(name)));
    signers.set(name, signer);
  }
  return signer;
}

/** The Ed25519 key of this number. */
export function validatorKey(key: number): Signer {
  const signer = signerOf('validator', key);
  numbers.set(toHex(signer.publicKey), key);
  return signer;
}

/** The number of a public key that was made here. */
export function numberOfKey(publicKey: Uint8Array): number {
  return numbers.get(toHex(publicKey))!;
}

/** What a member is asked for that joins, or comes back with new keys: it holds the key, and signed a block. */
export function newValidator(
  chain: Chain,
  key: number,
  epoch: number,
  height: number,
  text: string,
): NewValidator {
  const hash = suite.hasher.digest(toUtf8(text));
  const signer = validatorKey(key);
  return {
    key: signer.publicKey,
    logKey: signerOf('log', key).publicKey,
    p2pKey: signerOf('p2p', key).publicKey,
    addresses: [`/dns4/${codeOf(ownerOf(key))}.example/tcp/8201`],
    possession: { height, hash, signature: signer.sign(possessionBytes(chain.hash, epoch, height, hash)) },
  };
}

const sound = new Map<string, boolean>();
const { verifier } = nativeSuite;

/** The real suite; a key that was found sound is not looked at again, as thousands of runs use the same ones. */
export const suite: Suite = {
  ...nativeSuite,
  verifier: {
    verify: verifier.verify,
    isKey: key => {
      const name = toHex(key);
      const known = sound.get(name) ?? verifier.isKey(key);
      sound.set(name, known);
      return known;
    },
  },
};

const chains = new Map<string, Chain>();

/** The only publisher, an example of GB 32100-2015, and its key: execution compares keys and no more. */
export const PUBLISHER = '11100000000013338W';
/** See `PUBLISHER`. */
export const PUBLISHER_KEY = nativeSuite.hasher.digest(toUtf8(PUBLISHER));

/** A chain of so many members, of which the first `n` validate. */
export function simulatedChain(n: number, members: number): Chain {
  const name = `${n} of ${members}`;
  const known = chains.get(name);
  if (known !== undefined) return known;
  const genesis: Genesis = {
    v: 1,
    name: 'simulated',
    originPrefix: 'simulated.qifeng.example',
    suite: 'ed25519-sha256',
    created: 1_600_000_000_000,
    members: Array.from({ length: members }, (_, id) => ({
      code: codeOf(id),
      nameZh: `成员${id}`,
      nameEn: `Member ${id}`,
      validatorKey: validatorKey(id).publicKey,
      logKey: signerOf('log', id).publicKey,
      p2pKey: signerOf('p2p', id).publicKey,
      addresses: [`/dns4/${codeOf(id)}.example/tcp/8201`],
      validator: id < n,
    })),
    publishers: [
      { id: PUBLISHER, name: '演示单位', home: codeOf(0), keys: [PUBLISHER_KEY], roles: [], quota: 0 },
    ],
    profiles: [NOTE],
    parameters: DEFAULT_PARAMETERS,
  };
  const chain = readGenesis(encode(genesisCodec, genesis), suite);
  invariant(chain.ok, 'the simulated genesis is in order');
  chains.set(name, chain.value);
  return chain.value;
}
