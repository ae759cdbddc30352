#!/usr/bin/env node
// Below this the Ed25519 verdicts of Node differ from the ledger's, and libp2p does not run.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 19)) {
  console.error(
    'qifeng: Node.js ' +
      process.versions.node +
      ' is too old. 当前 Node.js 版本过低。\n' +
      '  why   signatures are judged alike by all only from 24.19 on\n' +
      '  next  From the clone run: npx qifeng …, or install Node.js 24.19 or newer. 请在仓库内用 npx qifeng …',
  );
  process.exit(2);
}
await import('../dist/cli/main.js');
