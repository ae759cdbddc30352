import { CAST } from '../cast.ts';
import type { System } from '../system.ts';

const { yunnan, operators } = CAST;
const city = 'http://127.0.0.1:{http}';

/** Row 15: an observer is admitted, follows and serves without a vote, and leaves again. */
export const cityObservers: System = {
  name: '15-city-observers',
  title: { zh: '市级观察节点', en: 'City observers' },
  profiles: ['policy'],
  steps: [
    {
      say: 'The newcomer makes a home with keys of its own,',
      run: 'qifeng-node init --member 530000 --home city --http-port {http} --p2p-port {p2p}',
      brief: true,
    },
    {
      say: 'takes the genesis of the chain, and writes its request to follow.',
      run: 'qifeng-node observer --home city --genesis $QIFENG_HOME/genesis.cbor --out contact',
      brief: true,
    },
    {
      say: 'A member proposes to admit it,',
      run: `qifeng-node members propose --node $NODE1 --admit contact --carrier ${operators} --genesis $QIFENG_HOME/genesis.cbor --out admission`,
      brief: true,
    },
    ...['110000', '120000', '130000'].map(member => ({
      say: `${member} approves with the key of its own node,`,
      run: `qifeng-node members approve admission --home $QIFENG_HOME/nodes/${member}`,
      brief: true as const,
    })),
    {
      say: 'and a publisher records the admission.',
      run: `qifeng-node members submit admission --node $NODE1 --genesis $QIFENG_HOME/genesis.cbor --key $QIFENG_HOME/keys/${operators}.pem`,
      brief: true,
    },
    { say: 'The observer starts', run: 'qifeng-node start --home city', stays: true },
    { say: 'and has soon caught up.', run: `GET ${city}/readyz`, until: true, brief: true },
    {
      say: 'It has no vote.',
      run: `GET ${city}/v1/network`,
      pick: ['code', 'votes', 'ready'],
      shows: ['"votes":false'],
    },
    {
      say: 'A notice is recorded through a member,',
      run: `qifeng stamp notice.md --subject city-notice --meta title=演示公告 --key ${yunnan}`,
    },
    {
      say: 'and the city’s own node has it, to be asked and searched there.',
      run: `GET ${city}/v1/subjects/policy/${yunnan}/city-notice`,
      until: true,
      pick: ['standing.state', 'standing.version'],
      shows: ['in-force'],
    },
    {
      say: 'By its title, in Chinese:',
      run: `GET ${city}/v1/search?q=%E6%BC%94%E7%A4%BA%E5%85%AC%E5%91%8A&issuer=${yunnan}`,
      until: true,
      pick: ['results[0].title', 'results[0].standing.state'],
      shows: ['演示公告'],
    },
    {
      say: 'With the receipt the city checks the notice without trusting any node.',
      run: 'qifeng verify notice.md --offline',
      shows: ['verified'],
    },
    {
      say: 'What only a validator can sign the city’s node does not have, and says so.',
      run: `GET ${city}/checkpoint`,
      ends: 421,
      pick: ['code'],
      shows: ['no-log-key'],
    },
    {
      say: 'A client that is given both goes on to the member for the proof.',
      run: `qifeng status policy/${yunnan}/city-notice --node ${city} --node $NODE1`,
      shows: ['proven'],
    },
    { say: 'The observer stops.', run: '^C' },
    {
      say: 'Nobody waits for it.',
      run: `qifeng act policy/${yunnan}/after publish notice.md --receipts after --key ${yunnan}`,
    },
  ],
};
