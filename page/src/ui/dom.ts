type Child = Node | string | null;

/** An element; strings become text nodes, so nothing from the data is ever read as markup. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** A part of a drawing; it loads nothing. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Words from the data: set apart from the direction of the text around them. */
export function words(text: string, className = ""): HTMLElement {
  const element = el("bdi", className ? { class: className } : {});
  element.textContent = text;
  return element;
}

export function button(label: string, className: string, click: () => void): HTMLButtonElement {
  const element = el("button", { type: "button", class: className }, label);
  element.addEventListener("click", click);
  return element;
}

/** Says something to those who listen to the page; repeated words are said again. */
export class Announcer {
  readonly element = el("div", { class: "atlas-hidden", role: "status", "aria-live": "polite" });

  say(text: string): void {
    this.element.textContent = this.element.textContent === text ? `${text}\u00a0` : text;
  }
}
