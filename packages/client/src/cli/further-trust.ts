import { resolve } from 'node:path';
import {
  type Chain,
  CliError,
  catalogue,
  EXIT,
  fromHex,
  MAX_POLICY_BYTES,
  type Pin,
  parsePolicy,
  pinsOf,
  type ReceiptTrust,
  usageFault,
} from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Context } from './context.ts';
import { faultText } from './fault-text.ts';
import { readSmall } from './files.ts';
import { readVerifiedReceipt } from './verified-receipt.ts';

/** What a verifier may trust beside a genesis: keys of witnesses, and handovers it holds to be the true ones. */
export type FurtherTrust = Pick<ReceiptTrust, 'witnesses' | 'pins'>;

/** `--witness-policy` and `--pin` as they were typed. */
export interface FurtherTrustFlags {
  readonly witnessPolicy?: string;
  readonly pin?: readonly string[];
}

const furtherTrustMessages = catalogue(
  {
    badPolicy: (file: string) => `${file} is not a C2SP policy.`,
    badPolicyNext: 'Name a policy file with a witness or log line for each further key that you know.',
    badPin: (typed: string) => `${typed} pins nothing.`,
    badPinNext:
      'A pin is EPOCH:SHA256, or a receipt of a later epoch than the first. Those of a receipt: qifeng policy RECEIPT --json',
  },
  {
    badPolicy: (file: string) => `${file} 不是 C2SP 策略文件。`,
    badPolicyNext: '请指定策略文件，其中每个已知的其他密钥各占一行 witness 或 log。',
    badPin: (typed: string) => `${typed} 不能固定任何交接。`,
    badPinNext: '写法为 纪元:SHA256，或一份首个纪元之后的凭证；凭证所含的固定值见：qifeng policy 凭证 --json',
  },
);

/** Reads what was typed. Complaints: 2 for what is no policy or no pin, 1 for a receipt to be pinned that does not verify. */
export async function readFurtherTrust(
  { witnessPolicy, pin = [] }: FurtherTrustFlags,
  chain: Chain,
  context: Context,
): Promise<FurtherTrust> {
  const pins: Pin[] = [];
  for (const typed of pin) pins.push(...(await readPin(typed, chain, context)));
  const witnesses = witnessPolicy === undefined ? [] : await readWitnesses(witnessPolicy, context);
  return { pins, witnesses };
}

async function readWitnesses(
  file: string,
  context: Context,
): Promise<NonNullable<FurtherTrust['witnesses']>> {
  const bytes = await readSmall(resolve(context.io.cwd, file), file, MAX_POLICY_BYTES, context);
  const policy = parsePolicy(bytes, nativeSuite.hasher, nativeSuite.verifier);
  if (policy.ok) return [...policy.value.logs, ...policy.value.witnesses].map(({ vkey }) => vkey);
  const words = furtherTrustMessages(context.lang);
  const complaint = {
    what: words.badPolicy(file),
    why: faultText(policy.fault, context.lang),
    next: words.badPolicyNext,
  };
  throw new CliError(EXIT.usage, policy.fault.code, complaint);
}

async function readPin(typed: string, chain: Chain, context: Context): Promise<readonly Pin[]> {
  const [, epoch, hex = ''] = /^([0-9]{1,9}):([0-9a-f]{64})$/.exec(typed) ?? [];
  const hash = fromHex(hex);
  if (epoch !== undefined && hash.ok) return [{ epoch: Number(epoch), hash: hash.value }];
  const words = furtherTrustMessages(context.lang);
  const bad = () => usageFault('bad-pin', words.badPin(typed), words.badPinNext);
  if (/^[0-9]+:/.test(typed)) throw bad();
  const { handovers } = (await readVerifiedReceipt(typed, chain, context)).receipt.extra;
  if (handovers === null) throw bad();
  return pinsOf(handovers, nativeSuite);
}
