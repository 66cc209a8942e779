/** What a link asked for and this page does not have, or what of the page cannot be read: left out, and said. */
import { button, el, words } from "./dom";

export class LinkNotice {
  readonly element = el("div", { class: "atlas-link-notice", role: "note", hidden: "" });
  readonly #say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** `unread` as nouns: "the layer “x”". None takes the notice away. */
  show(unread: readonly string[]): void {
    if (unread.length) this.say(`The link asks for something that this page does not have, which is left out: ${unread.join("; ")}.`);
    else this.element.hidden = true;
  }

  say(text: string): void {
    this.element.hidden = false;
    this.element.replaceChildren(
      words(text),
      " ",
      button("Close this note", "atlas-quiet", () => {
        this.element.hidden = true;
      }),
    );
    this.#say(text);
  }
}
