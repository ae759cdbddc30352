const SVG = 'http://www.w3.org/2000/svg';

function shape(name: string, attributes: Readonly<Record<string, string>>, ...children: Node[]): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** One half of a page with its half of the seal. */
function half(side: 'left' | 'right', mark: string): SVGElement {
  const x = side === 'left' ? 4 : 60;
  const clip = `seal-${side}`;
  return shape(
    'g',
    { class: `half ${side}` },
    shape('clipPath', { id: clip }, shape('rect', { x: String(x), y: '0', width: '56', height: '120' })),
    shape('rect', { class: 'sheet', x: String(x), y: '8', width: '56', height: '104' }),
    shape(
      'g',
      { class: 'ink', 'clip-path': `url(#${clip})` },
      shape('circle', { cx: '60', cy: '60', r: '38', 'stroke-width': '6' }),
      shape('circle', { cx: '60', cy: '60', r: '29', 'stroke-width': '2' }),
      shape('path', { d: mark, 'stroke-width': '7' }),
    ),
  );
}

/** What the seal says: all is well, what it proves is no good news, or it does not meet. */
export type SealTone = 'good' | 'warn' | 'bad';

const MARKS: Readonly<Record<SealTone, string>> = {
  good: 'M46 61l10 10 19-23',
  warn: 'M60 45v18 M60 74v1',
  bad: 'M48 48l24 24 M72 48l-24 24',
};

/** The seal across the seam of two pages: its halves meet where the proof holds, and are out of line where it does not. */
export function seal(tone: SealTone): SVGElement {
  return shape(
    'svg',
    { class: `seal ${tone}`, viewBox: '0 0 120 128', 'aria-hidden': 'true' },
    half('left', MARKS[tone]),
    half('right', MARKS[tone]),
  );
}
