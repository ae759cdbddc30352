import { addExamples, type Host } from '../../host.ts';
import { type SearchFlags, search } from './handler.ts';
import { searchMessages } from './messages.ts';

/** Adds `qifeng search` to the program. */
export function addSearch({ program, lang, run }: Host): void {
  const words = searchMessages(lang);
  const command = program
    .command('search')
    .summary(words.summary)
    .description(words.description)
    .argument('[text...]', words.text)
    .option('--number <number>', words.number)
    .option('--issuer <code or name>', words.issuer)
    .option('--region <code>', words.region)
    .option('--profile <name>', words.profile)
    .option('--state <name>', words.state)
    .option('--standing <word>', words.standing)
    .option('--at <date>', words.at)
    .option('--digest <alg:hex>', words.digest)
    .option('--from <date>', words.from)
    .option('--to <date>', words.to)
    .option('--all', words.all)
    .option('--limit <n>', words.limit)
    .option('--cursor <cursor>', words.cursor)
    .action((text: readonly string[], flags: SearchFlags) =>
      run(context => search(text.join(' '), flags, context)),
    );
  addExamples(command, lang, [
    'qifeng search 区块链 行动计划',
    'qifeng search --region 430000 --standing in-force --from 2020-01-01',
    'qifeng search --profile policy --standing lapsed --at 2027-01-01',
    'qifeng search 规划 --issuer 甘肃省人民政府',
    'qifeng search 管理办法 --profile policy --json',
  ]);
}
