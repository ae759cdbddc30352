import { type Complaint, catalogue } from '@qifeng/core';

const says = (what: string, next: string, why: string | null = null): Complaint => ({ what, why, next });

/** What `qifeng-node` says when it ends a command, by code. */
export const complaintTexts = catalogue(
  {
    'no-seeds': () =>
      says('The seeds folder is missing.', 'Run the command from a full clone of the project.'),
    'bad-profile': (file: string, why: string) =>
      says(`The profile ${file} is not one.`, 'Mend it, or take the one of the project.', why),
    'no-member-unit': (code: string) =>
      says(
        `There is no member unit ${code}.`,
        'Give the GB/T 2260 code of one of the 31, such as 110000 (seeds/members.json lists them), or, for an observer, of a city, such as 530100, or a unified code.',
      ),
    'bad-port': (option: string, value: string) =>
      says(`${option} ${value}: not a port.`, 'Give a number from 1 to 65535.'),
    'home-taken': (home: string) =>
      says(`${home} is a node's home already.`, 'Choose another --home: keys are never replaced.'),
    'no-node-home': (home: string) =>
      says(`${home} is not a node's home.`, `Make one with: qifeng-node init --member CODE --home ${home}`),
    'key-missing': (file: string) =>
      says(`The key ${file} is missing.`, 'Restore it from a backup: a new key would be another member.'),
    'key-encrypted': (file: string) =>
      says(
        `The key ${file} is encrypted.`,
        'Give its passphrase in QIFENG_NODE_PASSPHRASE, or in a file that QIFENG_NODE_PASSPHRASE_FILE names.',
      ),
    'key-not-opened': (file: string) =>
      says(
        `The key ${file} is none, or its passphrase is another.`,
        'Check QIFENG_NODE_PASSPHRASE and QIFENG_NODE_PASSPHRASE_FILE; if they are right, restore the file from a backup.',
      ),
    'no-genesis': (file: string) =>
      says(`There is no genesis file ${file}.`, 'Check the path. To make one: qifeng-node genesis new'),
    'bad-genesis': (file: string, why: string) =>
      says(
        `${file} is not a genesis file.`,
        'Name the genesis.cbor of the chain; ask its maker for a fresh copy.',
        why,
      ),
    'genesis-flaw': (why: string) =>
      says(
        'These homes, options and publishers make no chain.',
        'Mend what the reason names. Nothing was written.',
        why,
      ),
    'member-twice': (member: string) =>
      says(`Two of the homes are of member ${member}.`, 'Name one home for each validator.'),
    'other-key': (member: string) =>
      says(`The genesis does not name this node's key for ${member}.`, 'Ask its maker for a new genesis.'),
    'bad-publishers': (file: string) =>
      says(
        `${file} is not a list of publishers.`,
        'Write JSON: [{"id", "name", "home", "roles": [], "keys": ["<hex>"]}]; id is a uscc, home a member code.',
      ),
    'bad-count': (value: string, most: number) =>
      says(`-n ${value}: not a number from 1 to ${most}.`, 'For instance: -n 4'),
    'other-count': (home: string, count: number) =>
      says(`The network in ${home} has ${count} nodes.`, 'Leave -n out, or give another --home.'),
    'no-cluster': (home: string) =>
      says(`There is no network in ${home}.`, 'Make one with: qifeng-node cluster up -n 4'),
    'no-node': (name: string, count: number) =>
      says(`The network has no node ${name}.`, `Give a number from 1 to ${count}, or a member code.`),
    'node-ended': (member: string, log: string) =>
      says(`Node ${member} ended while it started.`, `The last lines of its log say why: ${log}`),
    'not-ready': (member: string, why: string, log: string) =>
      says(`Node ${member} did not get ready in time.`, `See: qifeng-node cluster status, and ${log}`, why),
    'change-refused': (code: string, why: string) =>
      says('The ledger refused the change.', `Mend what the reason names (${code}).`, why),
    'some-refused': (recorded: number, all: number, why: string) =>
      says(
        `${recorded} of ${all} changes were recorded, the ledger refused the others.`,
        'Mend what the reason names and propose the same again: what is recorded is left out of it.',
        why,
      ),
    'nothing-final': (url: string) =>
      says(`The node ${url} knows no final block yet.`, 'Record something, or wait for the first heartbeat.'),
    'no-answer': (url: string, why: string) =>
      says(`The node ${url} does not answer as it should.`, 'See: qifeng-node cluster status', why),
    'cannot-resize': (from: number, to: number) =>
      says(
        `A network of ${from} cannot become one of ${to}.`,
        'A change names no more members than may fail, in the old set and the new: fewer than 4 change nothing.',
      ),
    'bad-request': (file: string, why: string) =>
      says(
        `${file} is not a request to vote, or to follow.`,
        "Name a file of 'qifeng-node observer' for --admit, of 'qifeng-node join' for --add.",
        why,
      ),
    'bad-proposal': (file: string, why: string) =>
      says(
        `${file} is not a proposal.`,
        "Name a file of 'qifeng-node members propose', or of 'qifeng publishers … --propose FILE'.",
        why,
      ),
    'other-chain': (what: string) =>
      says(`${what} belongs to another chain.`, 'Name the files and nodes of one chain.'),
    'other-proposal': () =>
      says(
        'The files are not copies of one proposal.',
        'Let all members approve the same file, or copies of it.',
      ),
    'other-epoch': (made: number, now: number) =>
      says(
        `It was made in epoch ${made}, and epoch ${now} is current.`,
        'Make it anew: what members sign holds for one epoch.',
      ),
    'no-epoch': (given: string, now: number) =>
      says(`${given} is no epoch of this chain.`, `Give a number from 0 to ${now}, the present one.`),
    'no-possession': (code: string, why: string) =>
      says(
        `${code === '' ? 'A newcomer' : code} has not proven that it holds its key and the ledger.`,
        "Let it run 'qifeng-node join' again when it has caught up: the checkpoint must be final and at most 100 blocks old.",
        why === '' ? null : why,
      ),
    'not-a-validator': (member: string, epoch: number) =>
      says(
        `${member} has no vote in epoch ${epoch} by the key in this home.`,
        'Approve with the home of a validator of the present set.',
      ),
    'no-member-here': (member: string) =>
      says(
        `${member} is no member of this chain.`,
        'The genesis lists its members: qifeng-node genesis show FILE',
      ),
    'no-key': (publisher: string) =>
      says(`A key of ${publisher} can sign nothing.`, 'Ask for a proposal with its right public key.'),
    'too-few-approvals': (count: number, quorum: number) =>
      says(
        `${count} valid approvals of the ${quorum} that the set needs.`,
        'Collect more: qifeng-node members approve FILE --home DIR, then name all copies here.',
      ),
    'what-change': () =>
      says(
        'A proposal is of one kind: newcomers that are members, observers, validators, or a profile.',
        'Give --admit of members, or --admit and --remove of observers, or --add and --remove of validators, or --profile; an admission comes first.',
      ),
    'no-carrier': (where: string) =>
      says(
        `${where} names no publisher.`,
        'Give the uscc of the publisher that records the change: --carrier when proposing, --publisher with the key.',
      ),
    'bad-carrier-key': (file: string, why: string) =>
      says(
        `${file} gives no key.`,
        'Name a PKCS#8 file in PEM; put its passphrase, if it has one, into QIFENG_PASSPHRASE.',
        why,
      ),
    'not-certified': (height: number) =>
      says(
        `Block ${height}, the last one of this ledger, has no certificate.`,
        'Start the node, wait until it is ready, and stop it again.',
      ),
    'bad-snapshot': (file: string, why: string) =>
      says(
        `${file} is not a snapshot of this chain.`,
        "Take one that 'qifeng-node snapshot export' made. Nothing was changed.",
        why,
      ),
    'snapshot-older': (height: number, own: number) =>
      says(
        `The snapshot is of block ${height}, and this ledger is at block ${own}.`,
        'Start the node: it needs no snapshot, or a newer one.',
      ),
    'bad-backup': (file: string, why: string) =>
      says(
        `${file} is not a sound backup.`,
        "Take another one of 'qifeng-node backup'. Nothing was changed.",
        why,
      ),
    'home-not-empty': (home: string) =>
      says(
        `${home} holds something.`,
        'Choose another --home, or move aside what is there: nothing is overwritten.',
      ),
    'no-keys-in-backup': () =>
      says(
        'The backup holds no keys.',
        'Give --keys with the folder where validator.pem, log.pem and p2p.pem of this member are kept.',
      ),
    'other-keys': (folder: string, member: string) =>
      says(
        `${folder} does not hold the keys of member ${member}.`,
        'Give the folder with the keys of the node that the backup is of.',
      ),
    'store-unsound': (home: string, why: string) =>
      says(`The store in ${home} is not sound.`, `Mend it first: qifeng-node repair --home ${home}`, why),
    'cannot-repair': (home: string, why: string) =>
      says(
        `The store in ${home} cannot be mended; it is as it was.`,
        'Take a snapshot: qifeng-node snapshot import FILE; or move db aside and start the node: it fetches the ledger again.',
        why,
      ),
    'bad-groups': (why: string) =>
      says('These are not groups to part the nodes into.', 'For instance: cluster partition 1,2 3,4', why),
    'no-administration': (member: string, file: string) =>
      says(
        `Node ${member} listens on no port for its administration.`,
        `Set admin.port in ${file}, for instance to 8301, and start the node again.`,
      ),
    'no-free-ports': () =>
      says('There are no free ports.', 'Stop what listens on 8101 and above, or on its thousands.'),
    'node-runs': (member: string, home: string) =>
      says(`Node ${member} is running.`, `Stop it first: qifeng-node cluster down --home ${home}`),
    'bad-config': (why: string) =>
      says('The configuration does not hold.', 'Mend config.toml or the QIFENG_ variable it names.', why),
    'file-failed': (path: string, why: string) =>
      says(`${path} cannot be read or written.`, 'Check the path, its permissions and the disk.', why),
  },
  {
    'no-seeds': () => says('找不到 seeds 目录。', '请在完整的项目克隆中运行。'),
    'bad-profile': (file: string, why: string) =>
      says(`${file} 不是有效的业务类型文件。`, '请改正该文件，或使用项目自带的文件。', why),
    'no-member-unit': (code: string) =>
      says(
        `没有代码为 ${code} 的联盟成员。`,
        '请给出 31 个省级单位之一的 GB/T 2260 代码，如 110000（完整列表见 seeds/members.json）；观察节点请给出市级代码（如 530100）或统一社会信用代码。',
      ),
    'bad-port': (option: string, value: string) =>
      says(`${option} ${value}：不是有效的端口。`, '请给出 1 到 65535 的数字。'),
    'home-taken': (home: string) =>
      says(`${home} 已是某个节点的目录。`, '请用 --home 另选目录；已有密钥绝不会被覆盖。'),
    'no-node-home': (home: string) =>
      says(`${home} 不是节点目录。`, `请先创建：qifeng-node init --member CODE --home ${home}`),
    'key-missing': (file: string) => says(`缺少密钥 ${file}。`, '请从备份恢复；换用新密钥即是另一个成员。'),
    'key-encrypted': (file: string) =>
      says(
        `密钥 ${file} 已加密。`,
        '请在 QIFENG_NODE_PASSPHRASE 中，或在 QIFENG_NODE_PASSPHRASE_FILE 所指的文件中给出口令。',
      ),
    'key-not-opened': (file: string) =>
      says(
        `${file} 不是密钥，或口令不对。`,
        '请检查 QIFENG_NODE_PASSPHRASE 与 QIFENG_NODE_PASSPHRASE_FILE；若无误，请从备份恢复该文件。',
      ),
    'no-genesis': (file: string) =>
      says(`找不到创世文件 ${file}。`, '请检查路径。生成创世文件：qifeng-node genesis new'),
    'bad-genesis': (file: string, why: string) =>
      says(`${file} 不是有效的创世文件。`, '请指定该链的 genesis.cbor，必要时向制作方重新索取。', why),
    'genesis-flaw': (why: string) =>
      says('这些节点目录、选项和发布机构不能构成一条链。', '请按原因改正；尚未写入任何文件。', why),
    'member-twice': (member: string) =>
      says(`有两个节点目录同属成员 ${member}。`, '请为每个验证节点只指定一个目录。'),
    'other-key': (member: string) =>
      says(`创世文件中 ${member} 的密钥不是本节点的密钥。`, '请向制作方索取新的创世文件。'),
    'bad-publishers': (file: string) =>
      says(
        `${file} 不是有效的发布机构名单。`,
        '请写成 JSON：[{"id", "name", "home", "roles": [], "keys": ["<hex>"]}]；id 为统一社会信用代码，home 为成员代码。',
      ),
    'bad-count': (value: string, most: number) =>
      says(`-n ${value}：不是 1 到 ${most} 之间的数字。`, '例如：-n 4'),
    'other-count': (home: string, count: number) =>
      says(`${home} 中的网络有 ${count} 个节点。`, '请省略 -n，或用 --home 另选目录。'),
    'no-cluster': (home: string) => says(`${home} 中没有网络。`, '请先创建：qifeng-node cluster up -n 4'),
    'no-node': (name: string, count: number) =>
      says(`网络中没有节点 ${name}。`, `请给出 1 到 ${count} 的序号，或成员代码。`),
    'node-ended': (member: string, log: string) =>
      says(`节点 ${member} 启动时退出。`, `原因见其日志末尾：${log}`),
    'not-ready': (member: string, why: string, log: string) =>
      says(`节点 ${member} 未能按时就绪。`, `请查看 qifeng-node cluster status 和日志 ${log}`, why),
    'change-refused': (code: string, why: string) =>
      says('账本拒绝了这次变更。', `请按原因更正（${code}）。`, why),
    'some-refused': (recorded: number, all: number, why: string) =>
      says(
        `${all} 项变更中 ${recorded} 项已记入账本，其余被拒绝。`,
        '请按原因改正后重新提案：已记入的不会再列入。',
        why,
      ),
    'nothing-final': (url: string) =>
      says(`节点 ${url} 还没有最终确认的区块。`, '请先存证一份文件，或等待第一个心跳区块。'),
    'no-answer': (url: string, why: string) =>
      says(`节点 ${url} 应答异常。`, '请查看：qifeng-node cluster status', why),
    'cannot-resize': (from: number, to: number) =>
      says(
        `${from} 个节点的网络无法变为 ${to} 个。`,
        '一次变更的成员数不得超过新旧两届各自可容忍的故障数：少于 4 个节点时不能变更。',
      ),
    'bad-request': (file: string, why: string) =>
      says(
        `${file} 不是有效的申请文件。`,
        '--admit 请指定 qifeng-node observer 写出的文件，--add 请指定 qifeng-node join 写出的文件。',
        why,
      ),
    'bad-proposal': (file: string, why: string) =>
      says(
        `${file} 不是有效的提案。`,
        '请指定 qifeng-node members propose 或 qifeng publishers … --propose FILE 写出的文件。',
        why,
      ),
    'other-chain': (what: string) => says(`${what} 属于另一条链。`, '请使用同一条链的文件和节点。'),
    'other-proposal': () => says('这些文件不是同一提案的副本。', '请让各成员批准同一文件或其副本。'),
    'other-epoch': (made: number, now: number) =>
      says(`它制作于纪元 ${made}，当前为纪元 ${now}。`, '请重新制作：成员的签名只在一个纪元内有效。'),
    'no-epoch': (given: string, now: number) =>
      says(`${given} 不是该链已有的纪元。`, `请给出 0 到 ${now} 的数字；${now} 为当前纪元。`),
    'no-possession': (code: string, why: string) =>
      says(
        `${code === '' ? '有新成员' : code} 未能证明持有密钥和账本。`,
        '请在其追上后重新运行 qifeng-node join：所签检查点须已最终确认，且不早于 100 个区块。',
        why === '' ? null : why,
      ),
    'not-a-validator': (member: string, epoch: number) =>
      says(`${member} 的此目录密钥在纪元 ${epoch} 没有投票权。`, '请用当届验证节点的目录批准。'),
    'no-member-here': (member: string) =>
      says(`${member} 不是该链的成员。`, '创世文件列有成员：qifeng-node genesis show FILE'),
    'no-key': (publisher: string) => says(`${publisher} 的密钥无法用于签名。`, '请索取含正确公钥的提案。'),
    'too-few-approvals': (count: number, quorum: number) =>
      says(
        `有效批准 ${count} 份，需要 ${quorum} 份。`,
        '请继续收集：qifeng-node members approve FILE --home DIR，再一并指定各份副本。',
      ),
    'what-change': () =>
      says(
        '一份提案只办一类事：接纳成员、增减观察节点、增减验证节点，或定义业务类型。',
        '请给出成员的 --admit，或观察节点的 --admit 和 --remove，或验证节点的 --add 和 --remove，或 --profile；接纳在先。',
      ),
    'no-carrier': (where: string) =>
      says(
        `${where} 没有指明发布机构。`,
        '请给出记录该变更的发布机构的统一社会信用代码：提出时用 --carrier，提交时用 --publisher。',
      ),
    'bad-carrier-key': (file: string, why: string) =>
      says(
        `${file} 中没有可用的密钥。`,
        '请指定 PEM 格式的 PKCS#8 文件；有口令时请放入 QIFENG_PASSPHRASE。',
        why,
      ),
    'not-certified': (height: number) =>
      says(`本账本的最后一个区块 ${height} 尚无证书。`, '请启动节点，待其就绪后再停止。'),
    'bad-snapshot': (file: string, why: string) =>
      says(`${file} 不是该链的快照。`, '请使用 qifeng-node snapshot export 生成的文件。未作任何改动。', why),
    'snapshot-older': (height: number, own: number) =>
      says(
        `快照截至区块 ${height}，本账本已到区块 ${own}。`,
        '请直接启动节点：它不需要快照，或需要更新的快照。',
      ),
    'bad-backup': (file: string, why: string) =>
      says(`${file} 不是完好的备份。`, '请使用另一份由 qifeng-node backup 写出的备份。未作任何改动。', why),
    'home-not-empty': (home: string) =>
      says(`${home} 不是空目录。`, '请用 --home 另选目录，或先移走其中内容；绝不覆盖。'),
    'no-keys-in-backup': () =>
      says('备份中没有密钥。', '请用 --keys 给出存有该成员 validator.pem、log.pem 和 p2p.pem 的目录。'),
    'other-keys': (folder: string, member: string) =>
      says(`${folder} 中不是成员 ${member} 的密钥。`, '请给出备份所属节点的密钥目录。'),
    'store-unsound': (home: string, why: string) =>
      says(`${home} 中的存储不完好。`, `请先修复：qifeng-node repair --home ${home}`, why),
    'cannot-repair': (home: string, why: string) =>
      says(
        `${home} 中的存储无法修复，保持原样。`,
        '请导入快照：qifeng-node snapshot import FILE；或移走 db 后启动节点，由其重新获取账本。',
        why,
      ),
    'bad-groups': (why: string) => says('无法按此把节点分组。', '例如：cluster partition 1,2 3,4', why),
    'no-administration': (member: string, file: string) =>
      says(
        `节点 ${member} 没有管理端口。`,
        `请在 ${file} 中设置 admin.port（例如 8301），再重新启动该节点。`,
      ),
    'no-free-ports': () => says('没有空闲端口。', '请停止占用 8101 及以上端口（或其加整千的端口）的程序。'),
    'node-runs': (member: string, home: string) =>
      says(`节点 ${member} 正在运行。`, `请先停止：qifeng-node cluster down --home ${home}`),
    'bad-config': (why: string) =>
      says('节点配置有误。', '请改正 config.toml 或其中所指的 QIFENG_ 环境变量。', why),
    'file-failed': (path: string, why: string) => says(`无法读写 ${path}。`, '请检查路径、权限和磁盘。', why),
  },
);
