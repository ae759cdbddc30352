import { catalogue } from '@qifeng/core';

/** Texts of `qifeng present`. */
export const presentMessages = catalogue(
  {
    summary: 'show chosen fields of a sealed record, and hide the rest',
    description:
      'Writes a copy of the receipt of a sealed record that opens the chosen fields and nothing else. It proves their values, and that the publisher recorded them; whoever gets it can pass it on. The receipt itself opens everything: keep it to yourself.',
    receipt: 'the receipt of a sealed record, FILE.tlog-proof',
    disclose:
      'what to show, separated by commas: names or titles of fields, digest (so that the file can be compared), origin, links',
    out: 'where to write the presentation',
    genesis: 'the genesis file that you trust (default: <home>/genesis.cbor)',
    written: 'presentation written',
    unverified: (path: string) => `${path} does not verify.`,
    inTheOpen: (path: string) => `${path} is of a record in the open: everything in it is shown anyway.`,
    inTheOpenNext: 'Hand on the receipt as it is.',
    nothing: (path: string) => `${path} opens nothing: a node gave it, or it is a presentation already.`,
    nothingNext: 'Use the receipt that `qifeng stamp` or `qifeng act` left for the publisher.',
    unknown: (name: string) => `The receipt does not open ${name}.`,
    unknownNext: (known: string) => `It opens: ${known}`,
    noNames: '--disclose names nothing.',
    same: 'The presentation would replace the receipt.',
    sameNext: 'Name another file with --out: without the whole receipt the rest can never be opened again.',
  },
  {
    summary: '出示密封存证的指定字段，其余保密',
    description:
      '为密封存证另写一份凭证，只公开选定的字段。它证明这些字段的值确由发布机构存证；拿到的人可以转交他人。原凭证能打开全部字段，请自行妥善保管。',
    receipt: '密封存证的凭证，即 <文件名>.tlog-proof',
    disclose: '要出示的内容，以逗号分隔：字段名、digest（供比对文件）、origin（来源）、links（关联）',
    out: '出示凭证写到哪里',
    genesis: '您信任的创世文件（默认 <home>/genesis.cbor）',
    written: '已写出出示凭证',
    unverified: (path: string) => `${path} 未通过验证。`,
    inTheOpen: (path: string) => `${path} 属于公开存证：其内容本来就可见。`,
    inTheOpenNext: '请直接转交该凭证。',
    nothing: (path: string) => `${path} 不能打开任何字段：它由节点给出，或本身就是出示凭证。`,
    nothingNext: '请使用 `qifeng stamp` 或 `qifeng act` 为发布机构留下的凭证。',
    unknown: (name: string) => `该凭证不能打开 ${name}。`,
    unknownNext: (known: string) => `它能打开：${known}`,
    noNames: '--disclose 没有给出任何名称。',
    same: '出示凭证会覆盖原凭证。',
    sameNext: '请用 --out 指定其他文件：没有完整的原凭证，其余字段将再也无法打开。',
  },
);
