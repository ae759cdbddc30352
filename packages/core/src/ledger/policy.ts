import type { Hasher } from '../crypto/hasher.ts';
import type { Verifier } from '../crypto/verifier.ts';
import { toHex } from '../encoding/bytes.ts';
import { invariant, ok, type Result, refuse } from '../encoding/result.ts';
import { fromUtf8 } from '../encoding/utf8.ts';
import { parseTreeHead } from './checkpoint.ts';
import { cosignerName, verifyCosignature } from './cosignature.ts';
import type { Validator } from './genesis.ts';
import { type Note, type NoteSignature, parseDecimal } from './note.ts';
import { quorum as quorumOfSet } from './quorum.ts';
import {
  formatVerifierKey,
  type KeyType,
  makeVerifierKey,
  parseVerifierKey,
  TYPE_COSIGNATURE,
  TYPE_ED25519,
  type VerifierKey,
  verifyNoteSignature,
} from './vkey.ts';

/** A known log: accepted for the checkpoints whose origin is its key's name. */
export interface PolicyLog {
  readonly vkey: VerifierKey;
  readonly url: string | null;
}

/** A known witness; `name` has a meaning inside the policy only. */
export interface PolicyWitness {
  readonly name: string;
  readonly vkey: VerifierKey;
  readonly url: string | null;
}

/** At least `threshold` of the `members` (witnesses or groups defined earlier) have to witness. */
export interface PolicyGroup {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
}

/**
 * A C2SP trust policy (tlog-policy). Its names and URLs are octet strings, one character an octet, as the standard
 * compares them. `quorum` is `none` or the name of a witness or group.
 */
export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  readonly quorum: string;
}

/** What a policy says about one note. */
export interface PolicyVerdict {
  /** Known logs that signed, in the note's order. */
  readonly logs: readonly PolicyLog[];
  /** Known witnesses that cosigned, each once, with the time of its first line in POSIX seconds. */
  readonly witnesses: readonly { readonly witness: PolicyWitness; readonly time: number }[];
  /** Lines of keys that the policy does not know, and of a log of another origin. */
  readonly unknown: readonly NoteSignature[];
  /** The witnesses suffice. */
  readonly quorum: boolean;
  /** A known log signed and the witnesses suffice. */
  readonly satisfied: boolean;
}

/** Largest policy file in bytes; every other bound (256 logs, witnesses and groups each) is well inside it. */
export const MAX_POLICY_BYTES = 1 << 20;
/** Most logs, witnesses or groups; C2SP asks for at least 32 of each. */
export const MAX_POLICY_ITEMS = 256;

const NONE = 'none';

class Draft {
  readonly logs: PolicyLog[] = [];
  readonly witnesses: PolicyWitness[] = [];
  readonly groups: PolicyGroup[] = [];
  quorum: string | null = null;
  readonly names = new Set<string>();
  readonly members = new Set<string>();
  readonly logKeys = new Set<string>();
  readonly witnessKeys = new Set<string>();
  readonly identities = new Set<string>();
}

/**
 * A policy from the octets of its file. `hasher` is SHA-256; `verifier` judges each key once. Faults, each with the
 * line: `policy-too-large`, `policy-octet`, `policy-newline`, `policy-line` (unknown keyword, wrong number of items),
 * `policy-key` (bad, unsupported or of the wrong type), `policy-duplicate-key`, `policy-ambiguous-key` (two keys with
 * one name and id), `policy-name` (reserved or taken), `policy-undefined-name`, `policy-threshold`,
 * `policy-repeated-member`, `policy-quorum` (none or two), `policy-too-many`.
 */
export function parsePolicy(bytes: Uint8Array, hasher: Hasher, verifier: Verifier): Result<Policy> {
  if (bytes.length > MAX_POLICY_BYTES)
    return refuse('policy-too-large', `a policy of more than ${MAX_POLICY_BYTES} bytes`);
  const draft = new Draft();
  let at = 0;
  for (let number = 1; at < bytes.length; number++) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) return refuse('policy-newline', `line ${number}: not terminated by a newline`);
    const line = bytes.subarray(at, end);
    const octet = line.find(octet => (octet < 0x20 && octet !== 0x09) || octet === 0x7f);
    if (octet !== undefined)
      return refuse('policy-octet', `line ${number}: the control octet 0x${toHex(Uint8Array.of(octet))}`);
    const items = octetText(line)
      .split(/[ \t]+/)
      .filter(item => item !== '');
    const comment = items[0]?.startsWith('#') ?? true;
    const fault = comment ? null : addLine(draft, items, hasher, verifier);
    if (fault !== null) return refuse(fault.code, `line ${number}: ${fault.detail}`);
    at = end + 1;
  }
  const { logs, witnesses, groups, quorum } = draft;
  if (quorum === null) return refuse('policy-quorum', 'no quorum line');
  return ok({ logs, witnesses, groups, quorum });
}

type LineFault = { readonly code: string; readonly detail: string } | null;

function fault(code: string, detail: string): LineFault {
  return { code, detail };
}

function addLine(draft: Draft, items: readonly string[], hasher: Hasher, verifier: Verifier): LineFault {
  const [keyword, ...rest] = items;
  switch (keyword) {
    case 'log':
      return addLog(draft, rest, hasher, verifier);
    case 'witness':
      return addWitness(draft, rest, hasher, verifier);
    case 'group':
      return addGroup(draft, rest);
    case 'quorum':
      return setQuorum(draft, rest);
    default:
      return fault('policy-line', 'a line begins with log, witness, group, quorum or #');
  }
}

function addLog(draft: Draft, items: readonly string[], hasher: Hasher, verifier: Verifier): LineFault {
  const [text, url = null] = items;
  if (text === undefined || items.length > 2)
    return fault('policy-line', 'a log line is: log <vkey> [<url>]');
  if (draft.logs.length === MAX_POLICY_ITEMS) return fault('policy-too-many', 'too many logs');
  const vkey = readKey(text, TYPE_ED25519, hasher, verifier);
  if (!vkey.ok) return vkey.fault;
  const taken = takeKey(draft, draft.logKeys, vkey.value);
  if (taken === null) draft.logs.push({ vkey: vkey.value, url });
  return taken;
}

function addWitness(draft: Draft, items: readonly string[], hasher: Hasher, verifier: Verifier): LineFault {
  const [name, text, url = null] = items;
  if (name === undefined || text === undefined || items.length > 3)
    return fault('policy-line', 'a witness line is: witness <name> <vkey> [<url>]');
  if (draft.witnesses.length === MAX_POLICY_ITEMS) return fault('policy-too-many', 'too many witnesses');
  const vkey = readKey(text, TYPE_COSIGNATURE, hasher, verifier);
  if (!vkey.ok) return vkey.fault;
  const taken = takeKey(draft, draft.witnessKeys, vkey.value) ?? takeName(draft, name);
  if (taken === null) draft.witnesses.push({ name, vkey: vkey.value, url });
  return taken;
}

function addGroup(draft: Draft, items: readonly string[]): LineFault {
  const [name, rule, ...members] = items;
  if (name === undefined || rule === undefined || members.length === 0)
    return fault('policy-line', 'a group line is: group <name> all|any|<k> <name>…');
  if (draft.groups.length === MAX_POLICY_ITEMS) return fault('policy-too-many', 'too many groups');
  const threshold = rule === 'all' ? members.length : rule === 'any' ? 1 : parseDecimal(rule);
  if (threshold === null || threshold < 1 || threshold > members.length)
    return fault('policy-threshold', `the threshold is all, any or a number from 1 to ${members.length}`);
  for (const member of members) {
    if (!draft.names.has(member)) return fault('policy-undefined-name', `${member} is not defined above`);
    if (draft.members.has(member)) return fault('policy-repeated-member', `${member} is already a member`);
    draft.members.add(member);
  }
  const taken = takeName(draft, name);
  if (taken === null) draft.groups.push({ name, threshold, members });
  return taken;
}

function setQuorum(draft: Draft, items: readonly string[]): LineFault {
  const [name] = items;
  if (name === undefined || items.length > 1) return fault('policy-line', 'a quorum line is: quorum <name>');
  if (draft.quorum !== null) return fault('policy-quorum', 'a second quorum line');
  if (name !== NONE && !draft.names.has(name))
    return fault('policy-undefined-name', `${name} is not defined above`);
  draft.quorum = name;
  return null;
}

function readKey(octets: string, type: KeyType, hasher: Hasher, verifier: Verifier): Result<VerifierKey> {
  const text = fromUtf8(Uint8Array.from(octets, octet => octet.charCodeAt(0)));
  if (!text.ok) return refuse('policy-key', 'a verifier key that is not valid UTF-8');
  const vkey = parseVerifierKey(text.value, hasher);
  if (!vkey.ok) return refuse('policy-key', vkey.fault.detail);
  const { name } = vkey.value;
  if (vkey.value.type !== type)
    return refuse('policy-key', `the key of ${name} has type ${vkey.value.type}, this line needs ${type}`);
  if (!verifier.isKey(vkey.value.key))
    return refuse('policy-key', `the key of ${name} is not an acceptable point`);
  return vkey;
}

/** One character an octet, in pieces that fit an argument list. */
function octetText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

/** Duplicates are judged by the key alone, logs and witnesses apart; identities across both. */
function takeKey(draft: Draft, keys: Set<string>, vkey: VerifierKey): LineFault {
  const key = toHex(vkey.key);
  if (keys.has(key)) return fault('policy-duplicate-key', `the key of ${vkey.name} is listed already`);
  if (draft.identities.has(identity(vkey)))
    return fault('policy-ambiguous-key', `another key of the name ${vkey.name} has the same id`);
  keys.add(key);
  draft.identities.add(identity(vkey));
  return null;
}

function takeName(draft: Draft, name: string): LineFault {
  if (name === NONE) return fault('policy-name', `the name ${NONE} is reserved`);
  if (draft.names.has(name)) return fault('policy-name', `the name ${name} is taken`);
  draft.names.add(name);
  return null;
}

function identity(key: { readonly name: string; readonly keyId: number }): string {
  return `${key.keyId}+${key.name}`;
}

/**
 * What `policy` says about `note`. Lines of unknown keys are ignored; a line of a known key that does not verify
 * refuses the whole note (`policy-bad-signature`); a text that is no checkpoint is refused by `parseTreeHead`'s codes.
 */
export function evaluatePolicy(note: Note, policy: Policy, verifier: Verifier): Result<PolicyVerdict> {
  const head = parseTreeHead(note.text);
  if (!head.ok) return head;
  const logOf = new Map(policy.logs.map(log => [identity(log.vkey), log]));
  const witnessOf = new Map(policy.witnesses.map(witness => [identity(witness.vkey), witness]));
  const logs = new Set<PolicyLog>();
  const times = new Map<PolicyWitness, number>();
  const unknown: NoteSignature[] = [];
  for (const line of note.signatures) {
    const log = logOf.get(identity(line));
    const witness = witnessOf.get(identity(line));
    if (log !== undefined) {
      if (!verifyNoteSignature(note.text, line, log.vkey, verifier))
        return refuse('policy-bad-signature', `the signature of the log ${line.name} does not verify`);
      if (log.vkey.name === head.value.origin) logs.add(log);
      else unknown.push(line);
    } else if (witness !== undefined) {
      const cosignature = verifyCosignature(note.text, line, witness.vkey, verifier);
      if (!cosignature.ok) return refuse('policy-bad-signature', cosignature.fault.detail);
      if (!times.has(witness)) times.set(witness, cosignature.value.time);
    } else unknown.push(line);
  }
  const quorum = isQuorum(policy, new Set([...times.keys()].map(witness => witness.name)));
  return ok({
    logs: [...logs],
    witnesses: [...times].map(([witness, time]) => ({ witness, time })),
    unknown,
    quorum,
    satisfied: logs.size > 0 && quorum,
  });
}

/** True iff the named witnesses suffice. Members are defined before their groups, so one pass decides. */
export function isQuorum(policy: Policy, witnesses: ReadonlySet<string>): boolean {
  if (policy.quorum === NONE) return true;
  const witnessed = new Set(witnesses);
  for (const group of policy.groups)
    if (group.members.filter(member => witnessed.has(member)).length >= group.threshold)
      witnessed.add(group.name);
  return witnessed.has(policy.quorum);
}

/** The consortium's own policy: one log line a member, one witness a validator, `quorum` of them. */
export interface ConsortiumPolicy {
  readonly origin: string;
  /** Log keys, all named after the origin. */
  readonly logs: readonly { readonly key: Uint8Array }[];
  /** Validators by member code; the cosigner name of each is `<origin>/<code>`. */
  readonly witnesses: readonly { readonly code: string; readonly key: Uint8Array }[];
  readonly quorum: number;
}

/** Name of the one group in a consortium policy. */
export const CONSORTIUM_GROUP = 'consortium';

/** The policy file of a consortium, which `parsePolicy` accepts. */
export function formatPolicy(policy: ConsortiumPolicy, hasher: Hasher): string {
  const { origin, logs, witnesses, quorum } = policy;
  invariant(quorum >= 1 && quorum <= witnesses.length, 'a quorum is between 1 and the number of witnesses');
  const lines = logs.map(
    ({ key }) => `log ${formatVerifierKey(makeVerifierKey(origin, TYPE_ED25519, key, hasher))}`,
  );
  for (const { code, key } of witnesses) {
    invariant(
      /^[0-9A-Za-z-]+$/.test(code) && code !== NONE && code !== CONSORTIUM_GROUP,
      'a member code is a word',
    );
    const vkey = makeVerifierKey(cosignerName(origin, code), TYPE_COSIGNATURE, key, hasher);
    lines.push(`witness ${code} ${formatVerifierKey(vkey)}`);
  }
  lines.push(`group ${CONSORTIUM_GROUP} ${quorum} ${witnesses.map(({ code }) => code).join(' ')}`);
  lines.push(`quorum ${CONSORTIUM_GROUP}`);
  return `${lines.join('\n')}\n`;
}

/** The policy file of a set of validators: every log key, every cosigner, and their quorum. */
export function policyOfValidators(origin: string, validators: readonly Validator[], hasher: Hasher): string {
  const logs = validators.map(({ logKey }) => ({ key: logKey }));
  return formatPolicy(
    { origin, logs, witnesses: validators, quorum: quorumOfSet(validators.length) },
    hasher,
  );
}
