/** The report's style: for A4 paper, readable without colour and without fonts from elsewhere. */
export const STYLE = `
@page { size: A4; margin: 22mm 18mm 20mm 22mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 8mm; max-width: 186mm; color: #000; background: #fff; overflow-wrap: anywhere;
  font: 10.5pt/1.5 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, "Songti SC", "Times New Roman", serif; }
h1 { font-size: 17pt; text-align: center; margin: 0 0 2mm; }
h2 { font-size: 12.5pt; margin: 7mm 0 2mm; border-bottom: 1px solid #000; break-after: avoid; }
h3 { font-size: 10.5pt; margin: 4mm 0 1mm; break-after: avoid; }
p { margin: 1.5mm 0; }
ul { margin: 1.5mm 0; padding-left: 6mm; }
p.under { text-align: center; margin-bottom: 5mm; }
p.verdict { border: 2px solid #000; padding: 3mm 4mm; font-weight: bold; break-inside: avoid; }
p.law { border-left: 3px solid #000; padding-left: 3mm; }
table { width: 100%; border-collapse: collapse; margin: 2mm 0; }
th, td { border: 1px solid #555; padding: 1mm 2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
table.rows { table-layout: fixed; }
table.rows th { width: 42mm; font-weight: normal; }
table.grid th { white-space: nowrap; }
thead { display: table-header-group; }
tr, figure, h3 + table.rows { break-inside: avoid; }
code, pre { font: 8.5pt/1.4 "Noto Sans Mono CJK SC", "DejaVu Sans Mono", Consolas, Menlo, monospace; overflow-wrap: anywhere; }
div.outside { overflow-wrap: anywhere; }
time { white-space: nowrap; }
pre span::after { content: "¶"; }
pre { border: 1px solid #555; padding: 2mm; margin: 2mm 0; white-space: pre-wrap; word-break: break-all; }
figure { margin: 3mm 0; text-align: center; }
figure svg { width: 110mm; max-width: 100%; height: auto; }
@media print { body { padding: 0; max-width: none; } }
`;
