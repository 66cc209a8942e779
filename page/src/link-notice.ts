/** What a link asked for and this page does not have: left out, and said. */
import { button, el, words } from "./dom";

export class LinkNotice {
  readonly element = el("div", { class: "atlas-link-notice", role: "note", hidden: "" });
  readonly #say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** `unread` as nouns: "the layer “x”". None takes the notice away. */
  show(unread: readonly string[]): void {
    this.element.hidden = !unread.length;
    this.element.replaceChildren();
    if (!unread.length) return;
    const text = `The link asks for something that this page does not have, which is left out: ${unread.join("; ")}.`;
    this.element.append(
      words(text),
      " ",
      button("Close this note", "atlas-quiet", () => {
        this.element.hidden = true;
      }),
    );
    this.#say(text);
  }
}
