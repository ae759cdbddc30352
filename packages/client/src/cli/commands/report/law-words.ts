import { catalogue } from '@qifeng/core';

/**
 * Texts along articles 16 to 19 of 《人民法院在线诉讼规则》 (法释〔2021〕12号): what each article is about, in our words, what the
 * ledger shows to it, and what a court has to examine elsewhere.
 */
export const lawWords = catalogue(
  {
    listSeparator: ', ',
    proves: 'What the ledger proves',
    provesNot: 'What it does not prove',
    facts: 'Facts of the chain and of this record:',
    elsewhere: 'To be examined elsewhere: ',
    step: (number: number) => `Step ${number}.`,
    article16: {
      title: 'Article 16: unaltered since it was put on the chain',
      says: 'In substance: data stored by blockchain technology that a technical check finds consistent may be found unaltered since it was put on the chain, unless there is sufficient evidence to the contrary.',
      steps: {
        file: 'The technical check, step by step. Each step was computed again for this report from the file, the receipt and the genesis, without relying on anybody’s word.',
        digest:
          'The technical check, step by step. Each step was computed again for this report from the digest given, the receipt and the genesis, without relying on anybody’s word.',
        record:
          'The technical check, step by step. Each step was computed again for this report from the receipt and the genesis, without relying on anybody’s word.',
      },
      passed: '[✓ passed]',
      provesOf: {
        file: 'The file examined is, byte for byte, the one whose digest the publisher’s key signed; two different files with one digest are not known and cannot practicably be made.',
        digest:
          'The digest given is the one that the publisher’s key signed. No file was examined: one that has this digest is the one that was recorded, as two different files with one digest are not known and cannot practicably be made.',
        record:
          'What the record says is what the publisher’s key signed. No file was examined, so that nothing is proven of any.',
      },
      provesPlace:
        'The record stands at the stated place of a log to which records are only ever added, and a quorum of provinces signed the log’s root: it cannot be altered, removed or moved without this showing.',
      provesNot: [
        'That the content of the file is true, or that it was so before it was put on the chain (article 18).',
        'It is assumed that no quorum of validator keys, of this set or a past one, was ever stolen, and that the genesis is the right one: compare its SHA-256 with what the consortium publishes.',
      ],
    },
    article16Steps: {
      file: 'file → digest: computed over the file’s bytes and compared with the record',
      sealedFile: 'file → digest → salted digest: opened by the receipt and compared with the record',
      digest: 'digest: compared with that of the record',
      sealedDigest: 'digest → salted digest: opened by the receipt and compared with the record',
      entryAlone: 'entry: it belongs to the publisher’s submission',
      entry: 'digest → entry: the entry belongs to the publisher’s submission',
      signature: 'entry → publisher’s signature over the submission',
      leaf: 'submission → record (a leaf of the log)',
      log: 'record → root of the log (RFC 6962 inclusion proof)',
      checkpoint: 'root → checkpoint of this chain, after the genesis and any handovers',
      cosignatures: 'checkpoint → cosignatures of a quorum of provinces',
    },
    article17: {
      title: 'Article 17: four points where truth after recording is disputed',
      says: 'In substance: where a party disputes the truth of the data after it was put on the chain and has reasonable grounds, the court considers these four factors.',
      factors: [
        {
          name: '1. The platform meets the provisions on blockchain evidence services',
          court: 'filings and licences of the units that run the platform. The ledger holds none of them.',
        },
        {
          name: '2. Interests between a party and the platform, and undue technical interference',
          court:
            'ties of ownership, office or contract between the parties and the members; a ledger cannot show these.',
        },
        {
          name: '3. Cleanness, safety, reliability and availability of the information system',
          court:
            'the machines and their operation: certification, classified protection, inspection of each node. This report states no certification.',
        },
        {
          name: '4. Technique and process: environment, security, encryption, transmission, verification of information',
          court:
            'whether the standards that apply to the case were followed in operation, by an expert’s opinion where needed (article 19).',
        },
      ],
      members: (names: string, count: number, needed: number) =>
        `The set that had to sign: ${count} validator nodes of ${names}. ${needed} of them must agree on every block.`,
      publisher: (name: string) => `The record was signed by ${name}.`,
      home: (name: string) => `By the genesis it was enrolled by the member ${name}.`,
      homeLater: (name: string) =>
        `It was enrolled after the genesis; by a proven status of the ledger its home member is ${name}.`,
      homeUnknown:
        'It was enrolled after the genesis; which member did so is not known from this file, and a node proves it: qifeng status with its code.',
      keyApart: 'The publisher’s key is no validator’s key.',
      keyShared: 'The publisher’s key is also a validator’s key.',
      software: (version: string) =>
        `Verified with qifeng ${version}, open source; the verification needs no node and no network.`,
      faults:
        'The order of records is agreed by PBFT: it holds as long as fewer than a third of the validators are faulty or lie.',
      suite: {
        'ed25519-sha256':
          'Signatures: Ed25519 (RFC 8032). Hashes: SHA-256 (FIPS 180-4). The chain does not use the Chinese commercial algorithms (GM/T) for signatures.',
        'sm2-sm3': 'Signatures: SM2 (GM/T 0003, GB/T 32918). Hashes: SM3 (GM/T 0004, GB/T 32905).',
      },
      digest: {
        sha256: 'Digest of the file: SHA-256 (FIPS 180-4).',
        sm3: 'Digest of the file: SM3 (GM/T 0004, GB/T 32905).',
      },
      formats:
        'Formats: C2SP tlog-proof, tlog-checkpoint, signed-note and tlog-cosignature; RFC 6962 trees; RFC 8949 CBOR. GB/T 43580-2023 and GB/T 42752-2023 are the standards to compare the process with; this report claims no conformity.',
    },
    article18: {
      title: 'Article 18: truth before it was put on the chain',
      says: 'In substance: where a party says, with evidence or reasons, that the data was not true before it was put on the chain, the court examines it: where it came from, how it was made and kept, notaries, third-party witnesses, corroborating data.',
      recorded: (index: number, publisher: string) =>
        `Record ${index} states an origin of the file, signed by ${publisher}:`,
      none: 'In the record examined, nothing is recorded about how the file came about before it was put on the chain.',
      noFile: 'The record is of no file.',
      noneInHistory: 'Nor is there anything in the other records of this file for the subject.',
      othersNotAsked: 'Other records of the subject were not looked at.',
      closed: 'The record states an origin; it is sealed, and the receipt does not open it.',
      method: 'how it was captured',
      tool: 'with what',
      operator: 'by whom',
      capturedAt: 'when',
      earlier: 'earlier digest',
      notRecorded: 'not recorded',
      corroborating: 'Corroborating data',
      linked:
        'This record and the others of its subject link to the following records on the chain, each of which can be verified and compared with it:',
      noLinks: 'The records examined link to no other record.',
      proves:
        'That these statements were made no later than the time of their record, by whoever signed it, and have not been changed since.',
      provesNothing: 'About the time before: only that the file existed no later than the time of recording.',
      provesStatement: 'About the time before: nothing.',
      provesNot: [
        'That the statements about the origin are true, that the tool was sound, or that the file was genuine when it was captured.',
        'The court may ask the party for notarial acts, witnesses and corroborating data.',
      ],
    },
    article19: {
      title: 'Article 19: expert opinion, and how to check this again',
      says: 'In substance: a person with expertise may give an opinion on technical questions, and the court may commission an appraisal or collect other evidence for comparison.',
      needs: {
        file: 'Anybody can make the examination again with the file, its receipt (appendix 2) and the genesis file, on a machine of their own and without a network:',
        record:
          'Anybody can make the examination again with the receipt (appendix 2) and the genesis file, on a machine of their own and without a network; whoever has the file, where there is one, can compare it as well:',
      },
      standards: 'Standards',
      standardsList: [
        'C2SP: signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof, tlog-policy (c2sp.org)',
        'RFC 6962 (Merkle tree hashes and inclusion proofs), RFC 8032 (Ed25519), RFC 8949 (CBOR), FIPS 180-4 (SHA-256)',
        'GM/T 0004 and GB/T 32905 (SM3), where the file’s digest is SM3',
      ],
      otherTools:
        'The receipt is a C2SP tlog-proof: that the record is in the log and who cosigned can be verified with other people’s implementations and the policy above. The publisher’s signature and the record are laid out in the project’s FORMATS document, so that an expert can write a check of their own.',
    },
    recheck: {
      digest: (hex: string) => `The digest of the file. It must be ${hex}`,
      genesis: (hex: string) => `The genesis. It must be ${hex}`,
      verify: 'All steps of article 16, with the verdict:',
      steps: 'The same steps with their values:',
      verifySteps: 'All steps of article 16 with their values, and the verdict:',
      policy: 'The consortium as a C2SP policy, for other tools:',
    },
  },
  {
    listSeparator: '、',
    proves: '账本能证明的',
    provesNot: '账本不能证明的',
    facts: '本链及本记录的事实：',
    elsewhere: '须另行审查：',
    step: (number: number) => `第 ${number} 步　`,
    article16: {
      title: '第十六条　上链后未经篡改',
      says: '条文大意：通过区块链技术存储的电子数据，经技术核验一致的，人民法院可以认定其上链后未经篡改，但有相反证据足以推翻的除外。',
      steps: {
        file: '技术核验逐步如下。各步均由本报告依文件、存证凭证和创世文件重新计算，不依赖任何一方的陈述。',
        digest:
          '技术核验逐步如下。各步均由本报告依所给摘要、存证凭证和创世文件重新计算，不依赖任何一方的陈述。',
        record: '技术核验逐步如下。各步均由本报告依存证凭证和创世文件重新计算，不依赖任何一方的陈述。',
      },
      passed: '〔✓ 通过〕',
      provesOf: {
        file: '所核验文件与发布机构以其密钥签名的文件逐字节一致（目前没有已知的摘要相同的两份不同文件，实际上也无法造出）。',
        digest:
          '所给摘要即发布机构以其密钥签名的摘要。未核验任何文件：具有该摘要的文件即当初存证的文件（目前没有已知的摘要相同的两份不同文件，实际上也无法造出）。',
        record: '记录所载内容即发布机构以其密钥签名的内容。未核验任何文件，故对任何文件均不作证明。',
      },
      provesPlace:
        '该记录位于只增不减的日志的所述位置，日志根经法定数量的省级节点签名：更改、删除或移动该记录必然露出痕迹。',
      provesNot: [
        '文件内容属实，或上链之前即已属实（见第十八条部分）。',
        '前提是：本届及历届验证节点的密钥从未有达到法定数量者被盗，且创世文件无误（请将其 SHA-256 与联盟公布的数值比对）。',
      ],
    },
    article16Steps: {
      file: '文件 → 摘要：按文件字节计算，与记录比对',
      sealedFile: '文件 → 摘要 → 加盐摘要：由凭证打开，与记录比对',
      digest: '摘要：与记录比对',
      sealedDigest: '摘要 → 加盐摘要：由凭证打开，与记录比对',
      entryAlone: '条目：属于发布机构的该次提交',
      entry: '摘要 → 条目：条目属于发布机构的该次提交',
      signature: '条目 → 发布机构对提交的签名',
      leaf: '提交 → 存证记录（日志的一片叶子）',
      log: '存证记录 → 日志根（RFC 6962 包含证明）',
      checkpoint: '日志根 → 本链检查点（自创世文件及历次交接）',
      cosignatures: '检查点 → 法定数量省级节点的联署',
    },
    article17: {
      title: '第十七条　对上链后真实性有异议时的四项因素',
      says: '条文大意：当事人对上链后的真实性提出异议并有合理理由的，人民法院结合下列四项因素作出判断。',
      factors: [
        {
          name: '（一）存证平台是否符合关于提供区块链存证服务的规定',
          court: '运营平台各单位的备案、资质。账本中不载这些材料。',
        },
        {
          name: '（二）当事人与存证平台有无利害关系，是否以技术手段不当干预',
          court: '当事人与各成员单位之间的股权、任职、合同等关系；账本无从显示。',
        },
        {
          name: '（三）信息系统的清洁性、安全性、可靠性、可用性',
          court: '各节点的设备与运行：检测认证、等级保护、现场勘验。本报告不声称具有任何认证。',
        },
        {
          name: '（四）存证技术和过程：系统环境、技术安全、加密方式、数据传输、信息验证',
          court: '实际运行是否遵守本案所适用的标准，必要时由有专门知识的人提出意见（见第十九条部分）。',
        },
      ],
      members: (names: string, count: number, needed: number) =>
        `应签名的一届：${names}，共 ${count} 个验证节点；每个区块须有其中 ${needed} 个同意。`,
      publisher: (name: string) => `本记录由${name}签名。`,
      home: (name: string) => `依创世文件，该机构由成员单位${name}登记。`,
      homeLater: (name: string) => `该机构在创世之后登记；依账本的状态证明，其所属成员为${name}。`,
      homeUnknown:
        '该机构在创世之后登记；由哪个成员登记，仅凭本文件不能得知，可由节点证明：以其代码运行 qifeng status。',
      keyApart: '发布机构的密钥不是任何验证节点的密钥。',
      keyShared: '发布机构的密钥同时是某一验证节点的密钥。',
      software: (version: string) => `以 qifeng ${version}（开源）核验；核验不需要节点，也不需要网络。`,
      faults: '记录的顺序由 PBFT 共识确定：失效或作恶的验证节点少于三分之一时即可保证。',
      suite: {
        'ed25519-sha256':
          '签名：Ed25519（RFC 8032）；哈希：SHA-256（FIPS 180-4）。本链签名未采用国密算法（GM/T）。',
        'sm2-sm3': '签名：SM2（GM/T 0003，GB/T 32918）；哈希：SM3（GM/T 0004，GB/T 32905）。',
      },
      digest: {
        sha256: '文件摘要：SHA-256（FIPS 180-4）。',
        sm3: '文件摘要：SM3（GM/T 0004，GB/T 32905）。',
      },
      formats:
        '格式：C2SP tlog-proof、tlog-checkpoint、signed-note、tlog-cosignature；RFC 6962 哈希树；RFC 8949 CBOR。过程可对照 GB/T 43580-2023、GB/T 42752-2023；本报告不声称符合。',
    },
    article18: {
      title: '第十八条　上链前的真实性',
      says: '条文大意：当事人提出电子数据上链前已不具备真实性，并有证据或理由的，人民法院应当审查，结合数据的具体来源、生成机制、存储过程、公证、第三方见证、关联印证数据等综合判断。',
      recorded: (index: number, publisher: string) =>
        `第 ${index} 号存证记录载有文件来源，由${publisher}陈述并签名：`,
      none: '关于文件上链之前的形成过程，所核验的记录中没有任何记载。',
      noFile: '该记录不涉及文件。',
      noneInHistory: '该标的下同一文件的其他记录中也没有。',
      othersNotAsked: '该标的的其他记录未予查阅。',
      closed: '记录中载有来源；但该记录为密封记录，凭证未出示其来源。',
      method: '取证方式',
      tool: '取证工具',
      operator: '操作者',
      capturedAt: '取证时间',
      earlier: '此前的摘要',
      notRecorded: '未记录',
      corroborating: '关联印证数据',
      linked: '本记录及该标的的其他记录所关联的链上记录如下，可分别核验并相互印证：',
      noLinks: '所核验的记录未关联其他记录。',
      proves: '上述陈述最迟在其记录上链时由签名者作出，此后未经更改。',
      provesNothing: '关于上链之前：仅能证明文件在上链时已经存在。',
      provesStatement: '关于上链之前：不作证明。',
      provesNot: [
        '来源陈述属实、取证工具可靠，或文件取得时即为真实。',
        '人民法院可以要求当事人提供公证、第三方见证、关联印证数据等。',
      ],
    },
    article19: {
      title: '第十九条　专门意见与重新核验',
      says: '条文大意：当事人可以申请有专门知识的人就技术问题提出意见；人民法院可以委托鉴定，或者调取其他相关证据进行核对。',
      needs: {
        file: '任何人凭文件、存证凭证（附录二）和创世文件，即可在自己的设备上离线重新核验：',
        record:
          '任何人凭存证凭证（附录二）和创世文件，即可在自己的设备上离线重新核验；如涉及文件，持有文件者可一并比对：',
      },
      standards: '所依标准',
      standardsList: [
        'C2SP：signed-note、tlog-checkpoint、tlog-cosignature、tlog-proof、tlog-policy（c2sp.org）',
        'RFC 6962（默克尔树哈希与包含证明）、RFC 8032（Ed25519）、RFC 8949（CBOR）、FIPS 180-4（SHA-256）',
        'GM/T 0004、GB/T 32905（SM3），文件摘要为 SM3 时适用',
      ],
      otherTools:
        '存证凭证是 C2SP tlog-proof：记录是否在日志中、由谁联署，可用他人的实现和上述策略文件核验。发布机构的签名和记录的格式载于本项目的 FORMATS 文档，专家可据以自行编写核验程序。',
    },
    recheck: {
      digest: (hex: string) => `文件摘要，应为 ${hex}`,
      genesis: (hex: string) => `创世文件，应为 ${hex}`,
      verify: '第十六条各步及结论：',
      steps: '各步及其数值：',
      verifySteps: '第十六条各步、其数值及结论：',
      policy: '以 C2SP 策略文件形式输出联盟成员，供其他工具使用：',
    },
  },
);
