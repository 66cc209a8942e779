/** The two sides of a divided map: not moved by zooming, so that the divider stays where it is. */

/** CSS pixels, beyond any map. */
const FAR = 20_000;

export class Sides {
  readonly left = frame();
  readonly right = frame();
  #share = 0.5;

  constructor() {
    this.right.hidden = true;
  }

  /** Where the sides meet: 0 at the left edge of the map, 1 at the right. */
  get share(): number {
    return this.#share;
  }

  set share(share: number) {
    this.#share = Math.min(1, Math.max(0, share));
  }

  get divided(): boolean {
    return !this.right.hidden;
  }

  /** There is something to show on the right. */
  begin(): void {
    this.right.hidden = false;
  }

  end(): void {
    this.right.hidden = true;
  }

  /** After the map was moved, or the divider. */
  clip(map: L.Map): void {
    // Both layers keep to their side, for what is under them may shine through.
    const { x } = map.containerPointToLayerPoint([this.#share * map.getSize().x, 0]);
    this.left.style.clipPath = this.divided ? `inset(-${FAR}px ${-x}px -${FAR}px -${FAR}px)` : "none";
    this.right.style.clipPath = `inset(-${FAR}px -${FAR}px -${FAR}px ${x}px)`;
  }
}

function frame(): HTMLElement {
  const element = document.createElement("div");
  element.setAttribute("aria-hidden", "true");
  // As high as Leaflet's style sheet has every canvas.
  Object.assign(element.style, { position: "absolute", left: "0", top: "0", zIndex: "100" });
  return element;
}
