import type { Lang } from '@qifeng/core';
import { appendix } from './appendix.ts';
import { articleSections } from './articles.ts';
import { chainOfProof } from './chain-of-proof.ts';
import { currentSection } from './current.ts';
import type { Evidence } from './evidence.ts';
import { head } from './head.ts';
import { html, Markup } from './html.ts';
import { STYLE } from './style.ts';
import { timesSection } from './times.ts';
import { reportWords } from './words.ts';

/**
 * The report as one HTML file: no script, nothing from elsewhere (its policy forbids it), made for A4 paper. The same
 * evidence gives the same bytes on every machine.
 */
export function renderReport(evidence: Evidence, lang: Lang): string {
  const words = reportWords(lang);
  const page = html`<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title}: ${evidence.examined.kind === 'file' ? evidence.examined.name : evidence.receipt.name}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${head(evidence, lang)}
${chainOfProof(evidence, lang)}
${articleSections(evidence, lang)}
${timesSection(evidence, lang)}
${currentSection(evidence, lang)}
${appendix(evidence, lang)}
</body>
</html>
`;
  return `<!doctype html>\n${page.text}`;
}
