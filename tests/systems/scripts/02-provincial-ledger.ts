import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { gansu, hebei } = CAST;

/** Row 2: a provincial ledger anchors its checkpoints in the national one; receipts of both compose. */
export const provincialLedger: System = {
  name: '02-provincial-ledger',
  title: { zh: '省级账本锚定于全国账本', en: 'A provincial ledger anchored in the national one' },
  profiles: ['ledger-anchor', 'policy'],
  steps: [
    {
      say: 'The province runs a ledger of its own: another chain of the same software, here of one node.',
      run: 'qifeng-node cluster up -n 1 --home province',
      brief: true,
    },
    {
      say: 'A notice is recorded there, and only there.',
      run: `qifeng --home province stamp notice.md --subject notice --key ${gansu}`,
    },
    {
      say: 'It goes on,',
      run: `qifeng --home province act policy/${gansu}/later publish later.md --key ${gansu}`,
    },
    {
      say: 'and on its schedule takes its checkpoint,',
      run: 'qifeng --home province anchor checkpoint --out province.checkpoint',
    },
    {
      say: 'which is a document for the ledger above.',
      run: `qifeng act ledger-anchor/${gansu}/province anchor province.checkpoint --meta tier=省级 --meta size=2 --key ${gansu}`,
    },
    {
      say: 'Nobody else anchors in the province’s name.',
      run: `qifeng act ledger-anchor/${gansu}/province anchor later.md --receipts refused --key ${hebei}`,
      ends: 4,
      shows: ['not-allowed'],
    },
    {
      say: 'The notice’s receipt, at the checkpoint that was anchored.',
      run: 'qifeng --home province anchor receipt notice.md --checkpoint province.checkpoint',
    },
    {
      say: 'What no quorum of the province signed is no checkpoint.',
      run: 'qifeng --home province anchor receipt notice.md --checkpoint later.md --out refused.tlog-proof',
      ends: 1,
    },
    {
      say: 'Offline, with the two genesis files: file, provincial checkpoint, national ledger.',
      run: 'qifeng --home province anchor verify notice.md --upper province.checkpoint.tlog-proof --upper-genesis $QIFENG_HOME/genesis.cbor',
      shows: ['verified through both'],
    },
    {
      say: 'Another file with the same receipts fails on the lower ledger,',
      run: 'qifeng --home province anchor verify later.md --receipt notice.md.anchored.tlog-proof --upper province.checkpoint.tlog-proof --upper-genesis $QIFENG_HOME/genesis.cbor',
      ends: 1,
      shows: ['file-mismatch', 'lower ledger'],
    },
    {
      say: 'and the notice with a receipt at another checkpoint than the anchored one on the upper.',
      run: 'qifeng --home province anchor verify notice.md --receipt notice.md.tlog-proof --upper province.checkpoint.tlog-proof --upper-genesis $QIFENG_HOME/genesis.cbor',
      ends: 1,
      shows: ['file-mismatch', 'upper ledger'],
    },
    {
      say: 'The ledger above has nothing of the province but that.',
      run: 'qifeng status notice.md',
      shows: ['No public record'],
    },
    {
      say: 'The next checkpoint, on schedule.',
      run: `qifeng --home province act policy/${gansu}/third publish third.md --key ${gansu}`,
    },
    {
      say: 'Taken,',
      run: 'qifeng --home province anchor checkpoint --out province-2.checkpoint',
    },
    {
      say: 'and anchored.',
      run: `qifeng act ledger-anchor/${gansu}/province anchor province-2.checkpoint --meta tier=省级 --meta size=3 --key ${gansu}`,
    },
    {
      say: 'The anchors of the province, none left out.',
      run: `qifeng history ledger-anchor/${gansu}/province`,
      shows: ['complete: 2 of 2'],
    },
    { say: 'The province stops its ledger.', run: 'qifeng-node cluster down --home province', brief: true },
  ],
};
