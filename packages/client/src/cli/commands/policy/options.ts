import { catalogue, EXIT, type ExitCode, policyOfValidators } from '@qifeng/core';
import { nativeSuite } from '@qifeng/core/native';
import type { Context } from '../../context.ts';
import { addExamples, type Host } from '../../host.ts';
import { nodeComplaint, requireNodes } from '../../nodes.ts';
import { requireChain } from '../../trust.ts';

const policyMessages = catalogue(
  {
    summary: 'print the consortium as a C2SP policy file',
    description:
      "Prints the C2SP policy of the chain's first epoch, by which other tools verify its receipts. It is worked out from the genesis, offline; with --node and without --genesis it is the node's word.",
    genesis: 'the genesis file that you trust (default: <home>/genesis.cbor)',
    nodesWord: (node: string) =>
      `Note: this is what ${node} says. Compare it with the policy of a genesis you trust.`,
  },
  {
    summary: '以 C2SP 策略文件形式输出联盟成员',
    description:
      '输出该链首个纪元的 C2SP 策略文件，供其他工具验证其凭证。由创世文件离线得出；给出 --node 而未给出 --genesis 时，以节点所述为准。',
    genesis: '您信任的创世文件（默认 <home>/genesis.cbor）',
    nodesWord: (node: string) => `提示：以上为 ${node} 所述，请与可信创世文件得出的策略核对。`,
  },
);

/** Adds `qifeng policy` to the program. */
export function addPolicy({ program, lang, run }: Host): void {
  const words = policyMessages(lang);
  const command = program
    .command('policy')
    .summary(words.summary)
    .description(words.description)
    .option('--genesis <file>', words.genesis)
    .action((flags: { readonly genesis?: string }) => run(context => policy(flags.genesis, context)));
  addExamples(command, lang, ['qifeng policy --genesis genesis.cbor > policy.txt']);
}

async function policy(genesis: string | undefined, context: Context): Promise<ExitCode> {
  const asksNode = context.nodes.length > 0 && genesis === undefined;
  const text = asksNode ? await fromNode(context) : await fromGenesis(genesis, context);
  if (context.json) context.out.json({ policy: text, source: asksNode ? 'node' : 'genesis' });
  else context.io.stdout(text);
  return EXIT.done;
}

async function fromGenesis(option: string | undefined, context: Context): Promise<string> {
  const { origin, validators } = await requireChain(option, context);
  return policyOfValidators(origin, validators, nativeSuite.hasher);
}

async function fromNode(context: Context): Promise<string> {
  const client = await requireNodes(context);
  try {
    const text = await client.policy();
    context.io.stderr(`${policyMessages(context.lang).nodesWord(client.node)}\n`);
    return text;
  } catch (error) {
    throw nodeComplaint(error, context);
  }
}
