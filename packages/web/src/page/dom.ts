type Child = Node | string | null;

/** A new element with attributes and children; texts become text nodes, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter(child => child !== null));
  return made;
}

/** The element of index.html with this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no #${id}`);
  return found as T;
}

/** A button that does something. */
export function button(label: string, className: string, act: () => void): HTMLButtonElement {
  const made = el('button', { type: 'button', class: className }, label);
  made.addEventListener('click', act);
  return made;
}

/** Rows of a description list; a row without a value is left out. */
export function rows(list: readonly (readonly [label: string, value: Child])[]): HTMLDListElement {
  const pairs = list.flatMap(([label, value]) =>
    value === null || value === '' ? [] : [el('div', {}, el('dt', {}, label), el('dd', {}, value))],
  );
  return el('dl', { class: 'rows' }, ...pairs);
}

/** A hash in groups of eight digits that may wrap between them; copying it gives the digits alone. */
export function hashText(hex: string): HTMLElement {
  const groups = hex.match(/.{1,8}/g) ?? [];
  return el('code', { class: 'hash' }, ...groups.flatMap(group => [el('span', {}, group), el('wbr', {})]));
}
