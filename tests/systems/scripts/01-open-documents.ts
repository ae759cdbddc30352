import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { office, tianjin, hebei } = CAST;
const rules = `policy/${office}/rules-trial`;
const joint = `policy/${office}/joint-notice`;

/** Row 1: policy documents published, amended, repealed, issued jointly; what was never recorded is proven absent. */
export const openDocuments: System = {
  name: '01-open-documents',
  title: { zh: '政务公开：政策文件上链', en: 'Open government: policy documents' },
  profiles: ['policy'],
  steps: [
    {
      say: 'The office publishes rules on trial.',
      run: `qifeng stamp rules.md --subject rules-trial --meta title=演示材料收取规则（试行） --meta kind=通知 --meta published=2026-11-02 --meta effective=2020-05-08 --key ${office}`,
      shows: ['ok'],
      as: ['rules'],
    },
    {
      say: 'Another organ begins a history under the same name, but in the office’s name: refused.',
      run: `qifeng act policy/${office}/rules-second publish forged.md --key ${hebei}`,
      ends: 4,
      shows: ['not-issuer'],
    },
    {
      say: 'The office publishes the decision that amends them,',
      run: `qifeng stamp decision.md --subject decision --meta title=关于修改演示材料收取规则的决定 --meta kind=决定 --key ${office}`,
      as: ['decision'],
    },
    {
      say: 'and records the text as amended, with a link to the decision.',
      run: `qifeng act ${rules} amend rules-2.md --meta title=演示材料收取规则（试行） --link amended-by=policy/${office}/decision --key ${office}`,
    },
    {
      say: 'Whoever has the first text and its receipt learns that it was amended, and by what.',
      run: 'qifeng verify rules.md',
      shows: ['Amended'],
    },
    {
      say: 'A link to a decision that is not in the log is refused.',
      run: `qifeng act ${rules} amend rules-2.md --link amended-by=policy/${office}/no-such-decision@{decision} --receipts refused --key ${office}`,
      ends: 4,
      shows: ['unknown-link'],
    },
    {
      say: 'The rules that follow the trial are published,',
      run: `qifeng stamp replacement.md --subject rules-final --meta title=演示材料收取规则 --meta kind=通知 --key ${office}`,
    },
    {
      say: 'and the trial is repealed, with a link to what replaces it.',
      run: `qifeng act ${rules} repeal --meta expires=2022-05-07 --meta reason=演示：试行期满 --link replaced-by=policy/${office}/rules-final --key ${office}`,
    },
    {
      say: 'After a repeal nothing follows.',
      run: `qifeng act ${rules} amend rules.md --receipts refused --key ${office}`,
      ends: 4,
      shows: ['action-not-allowed'],
    },
    {
      say: 'The standing, proven against a checkpoint of now.',
      run: `qifeng status ${rules}`,
    },
    {
      say: 'The whole history, complete: versions 1 to 3, each with its proof.',
      run: `qifeng history ${rules}`,
    },
    {
      say: 'Three organs issue one notice jointly; the first publishes it and names the others.',
      run: `qifeng stamp joint.md --subject joint-notice --meta @joint.json --key ${office}`,
      as: ['joint'],
    },
    {
      say: 'It awaits the signatures of the others.',
      run: `GET /v1/subjects/${joint}`,
      pick: ['standing.state'],
      shows: ['awaiting'],
    },
    {
      say: 'Nobody else can sign in their place.',
      run: `qifeng act ${joint} countersign joint.md --receipts refused --key ${CAST.hunan}`,
      ends: 4,
      shows: ['not-'],
    },
    {
      say: 'Nor can another text be signed for the one that was published.',
      run: `qifeng act ${joint} countersign forged.md --receipts refused --key ${tianjin}`,
      ends: 4,
    },
    {
      say: 'The first signature;',
      run: `qifeng act ${joint} countersign joint.md --receipts tianjin --key ${tianjin}`,
    },
    {
      say: 'with the last the notice is in force.',
      run: `qifeng act ${joint} countersign joint.md --receipts hebei --key ${hebei}`,
    },
    {
      say: 'In force.',
      run: `GET /v1/subjects/${joint}`,
      pick: ['standing.state', 'standing.version'],
      shows: ['joint'],
    },
    {
      say: 'What three issued the first of them cannot repeal alone;',
      run: `qifeng act ${joint} repeal --meta reason=演示 --receipts refused --key ${office}`,
      ends: 4,
      shows: ['action-not-allowed', 'is joint'],
    },
    {
      say: 'nor amend,',
      run: `qifeng act ${joint} amend forged.md --receipts refused --key ${office}`,
      ends: 4,
      shows: ['action-not-allowed', 'is joint'],
    },
    {
      say: 'and it is in force as before. Whoever verifies it is told who issued it.',
      run: 'qifeng verify joint.md',
      shows: ['In force', '天津', '河北'],
    },
    {
      say: 'The proof of the standing is kept beside the file, for whoever is offline,',
      run: 'qifeng status rules.md --save',
      brief: true,
    },
    {
      say: 'who verifies both.',
      run: 'qifeng verify rules.md --status-proof rules.md.status-proof --json',
      pick: ['verified', 'standing.verdict'],
      shows: ['superseded'],
    },
    {
      say: 'It is the proof of these rules and of nothing else.',
      run: 'qifeng verify decision.md --status-proof rules.md.status-proof --json',
      ends: 1,
      pick: ['verified', 'code'],
    },
    {
      say: 'A plan whose term is over has lapsed by its own dates, without a record that says so.',
      run: `qifeng act policy/${office}/old-plan publish plan.md --meta title=演示行动计划（2020—2022年） --meta effective=2020-06-30 --meta expires=2022-12-31 --key ${office}`,
    },
    { say: 'Its standing:', run: `qifeng status policy/${office}/old-plan`, shows: ['Lapsed'] },
    {
      say: 'Whoever has neither file nor number searches, in Chinese: what is in force of the office on these rules.',
      run: `qifeng search 材料收取规则 --issuer ${office} --standing in-force --json`,
      until: true,
      pick: ['results[0].title', 'results[0].verdict.word'],
      shows: ['演示材料收取规则'],
    },
    {
      say: 'What became of what: the links of the rules, in either direction.',
      run: `GET /v1/subjects/${rules}/graph`,
      pick: ['edges[0].rel', 'edges[1].rel'],
      shows: ['amended-by', 'replaced-by'],
    },
    {
      say: 'A reader follows the documents as they are recorded, from a record it knows.',
      run: `qifeng watch --profile policy --publisher ${hebei} --from {rules} --count 1`,
      shows: ['Countersign'],
    },
    {
      say: 'A text that was not published: the ledger proves that no public record carries it.',
      run: 'qifeng status forged.md',
      shows: ['No public record'],
    },
  ],
};
