import { CAST } from '../cast.ts';
import type { Step, System } from '../system.ts';

const { yunnan, operators } = CAST;
const kunming = 'http://127.0.0.1:{http}';
const qujing = 'http://127.0.0.1:{http-2}';

/** How a change is decided: a member proposes it, a quorum approves, a publisher records it. */
const decided = (say: string, what: string, file: string): readonly Step[] => [
  {
    say,
    run: `qifeng-node members propose --node $NODE1 ${what} --carrier ${operators} --genesis $QIFENG_HOME/genesis.cbor --out ${file}`,
    brief: true,
  },
  ...['110000', '120000', '130000'].map(member => ({
    say: `${member} approves with the key of its own node,`,
    run: `qifeng-node members approve ${file} --home $QIFENG_HOME/nodes/${member}`,
    brief: true as const,
  })),
  {
    say: 'and a publisher records it.',
    run: `qifeng-node members submit ${file} --node $NODE1 --genesis $QIFENG_HOME/genesis.cbor --key $QIFENG_HOME/keys/${operators}.pem`,
    brief: true,
  },
];

/** Row 15: two cities of one province are admitted as observers, follow and serve without a vote; one is let go. */
export const cityObservers: System = {
  name: '15-city-observers',
  title: { zh: '市级观察节点', en: 'City observers' },
  profiles: ['policy'],
  steps: [
    {
      say: 'Kunming makes a home with keys of its own, under the code of the city,',
      run: 'qifeng-node init --member 530100 --home kunming --http-port {http} --p2p-port {p2p}',
      brief: true,
    },
    {
      say: 'takes the genesis of the chain, and writes its request to follow.',
      run: 'qifeng-node observer --home kunming --genesis $QIFENG_HOME/genesis.cbor --name 昆明市（演示） --out kunming-contact',
      brief: true,
    },
    {
      say: 'Qujing, a city of the same province, does the same.',
      run: 'qifeng-node init --member 530300 --home qujing --http-port {http-2} --p2p-port {p2p-2}',
      brief: true,
    },
    {
      say: 'Its request:',
      run: 'qifeng-node observer --home qujing --genesis $QIFENG_HOME/genesis.cbor --name 曲靖市（演示） --out qujing-contact',
      brief: true,
    },
    ...decided('A member proposes to admit both,', '--admit kunming-contact qujing-contact', 'admission'),
    {
      say: 'Everybody sees who follows.',
      run: 'GET /v1/members',
      pick: ['observers[0].code', 'observers[0].name', 'observers[1].code', 'observers[1].name'],
      shows: ['530100', '530300'],
    },
    { say: 'Both start', run: 'qifeng-node start --home kunming', stays: true },
    { say: 'their nodes,', run: 'qifeng-node start --home qujing', stays: true },
    { say: 'and have soon caught up.', run: `GET ${kunming}/readyz`, until: true, brief: true },
    { say: 'Qujing too.', run: `GET ${qujing}/readyz`, until: true, brief: true },
    {
      say: 'They have no vote.',
      run: `GET ${kunming}/v1/network`,
      pick: ['code', 'votes', 'ready'],
      shows: ['"votes":false'],
    },
    {
      say: 'A notice is recorded through a member,',
      run: `qifeng stamp notice.md --subject city-notice --meta title=演示公告 --key ${yunnan}`,
    },
    {
      say: 'and each city’s own node has it, to be asked',
      run: `GET ${qujing}/v1/subjects/policy/${yunnan}/city-notice`,
      until: true,
      pick: ['standing.state', 'standing.version'],
      shows: ['in-force'],
    },
    {
      say: 'and searched there. By its title, in Chinese:',
      run: `GET ${kunming}/v1/search?q=%E6%BC%94%E7%A4%BA%E5%85%AC%E5%91%8A&issuer=${yunnan}`,
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
      say: 'The city’s own node proves where the notice stands: by the log signature of a validator, which it asked for.',
      run: `qifeng status policy/${yunnan}/city-notice --node ${kunming}`,
      shows: ['proven'],
    },
    {
      say: 'What is handed in there goes on to the validators, and the city’s node gives the receipt.',
      run: `qifeng act policy/${yunnan}/through publish notice.md --node ${kunming} --receipts through --key ${yunnan}`,
    },
    {
      say: 'It holds with the genesis alone, like any.',
      run: 'qifeng verify notice.md --receipt through/through.publish.tlog-proof --genesis $QIFENG_HOME/genesis.cbor --offline',
      shows: ['verified'],
    },
    ...decided('Qujing leaves: a member proposes it,', '--remove 530300', 'removal'),
    {
      say: 'Every member has let it go,',
      run: `GET ${qujing}/readyz`,
      until: true,
      ends: 503,
      pick: ['code', 'detail'],
      shows: ['connected to 0 validators'],
    },
    {
      say: 'and it is on the list no more.',
      run: 'GET /v1/members',
      pick: ['observers[0].code', 'observers[0].name'],
      shows: ['530100'],
      hides: ['530300'],
    },
    {
      say: 'What is recorded from now on',
      run: `qifeng act policy/${yunnan}/after publish notice.md --receipts after --key ${yunnan}`,
    },
    {
      say: 'Kunming has',
      run: `GET ${kunming}/v1/subjects/policy/${yunnan}/after`,
      until: true,
      pick: ['standing.state'],
      shows: ['in-force'],
    },
    {
      say: 'and Qujing has not.',
      run: `GET ${qujing}/v1/subjects/policy/${yunnan}/after`,
      ends: 404,
      pick: ['code'],
    },
    { say: 'Both stop.', run: '^C' },
    {
      say: 'Nobody waits for them.',
      run: `qifeng act policy/${yunnan}/later publish notice.md --receipts later --key ${yunnan}`,
    },
    { say: 'Kunming comes back', run: 'qifeng-node start --home kunming', stays: true },
    { say: 'and Qujing tries to,', run: 'qifeng-node start --home qujing', stays: true },
    {
      say: 'and the one is let in again',
      run: `GET ${kunming}/v1/subjects/policy/${yunnan}/later`,
      until: true,
      pick: ['standing.state'],
      shows: ['in-force'],
    },
    {
      say: 'and the other is not: it holds and serves what it had.',
      run: `GET ${qujing}/readyz`,
      until: true,
      ends: 503,
      pick: ['detail'],
      shows: ['connected to 0 validators'],
    },
    {
      say: 'The notice from before, at Qujing:',
      run: `GET ${qujing}/v1/subjects/policy/${yunnan}/city-notice`,
      pick: ['standing.state'],
      shows: ['in-force'],
    },
    { say: 'The cities’ nodes stop.', run: '^C' },
  ],
};
