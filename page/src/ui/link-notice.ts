/** What a link asked for and this page does not have, or takes in some way, and what of the page cannot be read: said. */
import { button, el, words } from "./dom";

/** Of what a link asked for, at most so much is repeated. */
const MOST = 12;
const LONGEST = 160;

export class LinkNotice {
  readonly element = el("div", { class: "atlas-link-notice", role: "note", hidden: "" });
  readonly #say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** `unread` as nouns: "the layer “x”"; `taken` as sentences. None of either takes the notice away. */
  show(unread: readonly string[], taken = ""): void {
    const short = unread.slice(0, MOST).map((text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text));
    const more = unread.length > MOST ? `; and ${unread.length - MOST} more` : "";
    const left = unread.length ? `The link asks for something that this page does not have, which is left out: ${short.join("; ")}${more}.` : "";
    if (left || taken) this.say([left, taken].filter(Boolean).join(" "));
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
