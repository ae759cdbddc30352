import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { jiangsu } = CAST;

/** Row 9: a sealed ledger under the consortium's; what goes up is a digest of a checkpoint and nothing else. */
export const threeTiers: System = {
  name: '09-three-tiers',
  title: { zh: '联盟链、公有链、私有链三层', en: 'Three tiers: consortium, public, sealed' },
  profiles: ['ledger-anchor', 'receivable'],
  steps: [
    {
      say: 'The inner ledger: another chain, with keys of its own, that nobody outside reaches.',
      run: 'qifeng-node cluster up -n 1 --home inner',
      brief: true,
    },
    {
      say: 'A document is recorded there, sealed as well: whoever reads even the inner ledger sees no field of it.',
      run: `qifeng --home inner act receivable/${jiangsu}/inner-1 confirm notice.md --meta amount=100 --meta creditor=演示单位 --key ${jiangsu}`,
    },
    {
      say: 'At the fixed hour the checkpoint is taken, whether or not there was anything to record,',
      run: 'qifeng --home inner anchor checkpoint --out inner.checkpoint',
    },
    {
      say: 'and recorded on the consortium’s ledger without any field: not even the size of the inner log.',
      run: `qifeng act ledger-anchor/${jiangsu}/inner anchor inner.checkpoint --key ${jiangsu}`,
      as: ['anchor'],
    },
    {
      say: 'What the consortium, and the public that reads it, can learn: that there is a checkpoint, and its digest.',
      run: 'GET /v1/records/{anchor}',
      pick: ['leaf.entry.meta', 'leaf.entry.links'],
      hides: ['演示单位', 'inner-1'],
    },
    {
      say: 'The anchored receipt, made inside,',
      run: 'qifeng --home inner anchor receipt notice.md --checkpoint inner.checkpoint',
    },
    {
      say: 'shows to whoever is given it that the document was on the inner ledger before the consortium recorded its checkpoint.',
      run: 'qifeng --home inner anchor verify notice.md --upper inner.checkpoint.tlog-proof --upper-genesis $QIFENG_HOME/genesis.cbor',
      shows: ['verified through both'],
    },
    {
      say: 'A record that came after the checkpoint is not covered by it:',
      run: `qifeng --home inner act receivable/${jiangsu}/inner-2 confirm second.md --meta amount=200 --key ${jiangsu}`,
    },
    {
      say: 'that is said.',
      run: 'qifeng --home inner anchor receipt second.md --checkpoint inner.checkpoint',
      ends: 2,
    },
    { say: 'The inner ledger stops.', run: 'qifeng-node cluster down --home inner', brief: true },
  ],
};
