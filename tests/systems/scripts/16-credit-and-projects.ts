import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { jilin, jilinCompany, hebei, planning, company, supervisor } = CAST;
const entry = `credit/${jilin}/decision-1`;
const project = `project/${planning}/demo-1`;

/** Row 16: a credit record disputed, corrected and repaired; a project under supervision. */
export const creditAndProjects: System = {
  name: '16-credit-and-projects',
  title: { zh: '社会信用与项目监管', en: 'Social credit and supervised projects' },
  profiles: ['credit', 'project'],
  steps: [
    {
      say: 'The organ records a decision on an enterprise,',
      run: `qifeng act ${entry} record decision.md --meta title=行政处罚决定（演示） --meta owner=${jilinCompany} --meta kind=行政处罚 --meta facts=演示：未按期报送年报 --meta expires=2099-12-31 --key ${jilin}`,
    },
    {
      say: 'which alone may object:',
      run: `qifeng act ${entry} object objection.md --meta reason=演示 --receipts refused --key ${hebei}`,
      ends: 4,
      shows: ['not-'],
    },
    {
      say: 'the enterprise does,',
      run: `qifeng act ${entry} object objection.md --meta reason=演示：已报送 --key ${jilinCompany}`,
    },
    {
      say: 'and while it is disputed everybody sees that.',
      run: `qifeng status ${entry}`,
      shows: ['Suspended'],
    },
    {
      say: 'The enterprise cannot correct the record itself.',
      run: `qifeng act ${entry} correct correction.md --meta reason=演示 --receipts refused --key ${jilinCompany}`,
      ends: 4,
      shows: ['not-issuer'],
    },
    {
      say: 'The organ looks into it and upholds the record,',
      run: `qifeng act ${entry} uphold --meta reason=演示：查证属实 --key ${jilin}`,
    },
    {
      say: 'whose text is the decision, as before:',
      run: 'qifeng verify decision.md --in-force',
      shows: ['✓ decision.md', 'In force'],
      hides: ['not the present text'],
    },
    {
      say: 'the objection is with the record, and is not it.',
      run: 'qifeng verify objection.md --in-force',
      ends: 1,
      shows: ['enclosed-file', 'Credit record · Object'],
      hides: ['✓'],
    },
    {
      say: 'Who asks the ledger about that file is told the same.',
      run: 'qifeng status objection.md --in-force',
      ends: 1,
      shows: ['only accompanied an action', 'Credit record · Object'],
      hides: ['✓'],
    },
    {
      say: 'Asked again, it corrects a part.',
      run: `qifeng act ${entry} correct correction.md --meta reason=演示：核实 --meta facts=演示：迟延三日 --key ${jilin}`,
    },
    {
      say: 'The corrected text is the one that stands,',
      run: 'qifeng verify correction.md --in-force',
      shows: ['✓ correction.md', 'Amended'],
    },
    {
      say: 'and the decision is an earlier one.',
      run: 'qifeng verify decision.md --in-force',
      ends: 1,
      shows: ['not-in-force', 'the present text is another file'],
    },
    {
      say: 'Later it repairs the enterprise’s credit,',
      run: `qifeng act ${entry} repair repair.md --meta reason=演示：义务已履行 --key ${jilin}`,
    },
    {
      say: 'after which the record ends.',
      run: `qifeng act ${entry} correct correction.md --meta reason=演示 --receipts refused --key ${jilin}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'Recorded, disputed, upheld, corrected, repaired.',
      run: `qifeng history ${entry}`,
      shows: ['complete: 5 of 5'],
    },
    {
      say: 'A project is approved,',
      run: `qifeng act ${project} approve project.md --meta title=演示项目 --meta owner=${company} --meta budget=100000000 --key ${planning}`,
    },
    {
      say: 'funded,',
      run: `qifeng act ${project} fund --meta amount=30000000 --meta batch=1 --key ${planning}`,
    },
    {
      say: 'and reported on by its contractor.',
      run: `qifeng act ${project} report progress.md --meta progress=60 --key ${company}`,
    },
    {
      say: 'More than all is not done.',
      run: `qifeng act ${project} report progress.md --meta progress=160 --receipts refused --key ${company}`,
      ends: 4,
      shows: ['bad-field'],
    },
    {
      say: 'The supervising organ of the same home halts it;',
      run: `qifeng act ${project} halt --meta reason=演示：例行核查 --key ${supervisor}`,
    },
    {
      say: 'while it is halted nothing is paid,',
      run: `qifeng act ${project} fund --meta amount=1 --receipts refused --key ${planning}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'and the organ that pays cannot let it go on by itself.',
      run: `qifeng act ${project} resume --receipts refused --key ${planning}`,
      ends: 4,
      shows: ['not-entitled'],
    },
    { say: 'It goes on', run: `qifeng act ${project} resume --key ${supervisor}` },
    {
      say: 'and is accepted.',
      run: `qifeng act ${project} accept acceptance.md --meta result=通过 --key ${planning}`,
    },
    { say: 'The project, complete.', run: `qifeng history ${project}`, shows: ['complete: 6 of 6'] },
  ],
};
