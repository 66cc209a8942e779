/** Handing on what is on the screen: as a link, or on paper. */
import { button, el } from "./dom";

/** The page is laid out for the paper of one area while its root has this class. */
export const PRINTING_AREA = "atlas-print-area";

/** The same for the paper of a plan. */
export const PRINTING_PLAN = "atlas-print-plan";

const COPIED = "Link copied.";
const NOT_COPIED = "The link could not be copied. It is selected below: copy it with Ctrl+C, or by holding it down.";
const NO_LINK = "There is no link to copy: this page is shown inside another one.";
const LOCAL = " It opens this file from where it is stored now, so others need to reach that place too.";

/** "Copy link", and the link itself where the browser does not let a page copy. */
export class CopyLink {
  readonly button: HTMLButtonElement;
  readonly element: HTMLElement;
  readonly #field = el("input", { type: "text", id: "atlas-link", readonly: "", spellcheck: "false" });
  readonly #message = el("p", { class: "atlas-share-message" });
  readonly #fallback: HTMLElement;
  readonly #say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.#say = say;
    this.button = button("Copy link", "atlas-quiet", () => {
      void this.#copy();
    });
    this.#fallback = el("div", { class: "atlas-link", hidden: "" }, el("label", { for: "atlas-link" }, "Link to this view"), this.#field);
    this.element = el("div", { class: "atlas-share" }, this.#message, this.#fallback);
    this.clear();
  }

  /** Forgets what it said: the link is to another view now. */
  clear(): void {
    this.#message.hidden = true;
    this.#fallback.hidden = true;
  }

  async #copy(): Promise<void> {
    const link = location.href;
    if (location.protocol === "about:") {
      this.#message.textContent = NO_LINK;
      this.#message.hidden = false;
      this.#say(NO_LINK);
      return;
    }
    const local = location.protocol === "file:" ? LOCAL : "";
    let copied: boolean;
    try {
      await navigator.clipboard.writeText(link);
      copied = true;
    } catch {
      copied = false;
    }
    const text = `${copied ? COPIED : NOT_COPIED}${local}`;
    this.#message.textContent = text;
    this.#message.hidden = false;
    this.#fallback.hidden = copied;
    if (!copied) {
      this.#field.value = link;
      this.#field.focus();
      this.#field.select();
    }
    this.#say(text);
  }
}

/** What makes the map ready for paper, and what it was again after that. */
export type ReadyForPaper = () => Promise<() => void>;

/** Prints an area on one side: its name and sentence, the map around it, and what is said of it. */
export async function printArea(ready: ReadyForPaper): Promise<void> {
  const back = await ready();
  printOnly([PRINTING_AREA], back);
}

/** Prints the page as these classes of its root lay it out, and takes them off again. */
export function printOnly(classes: readonly string[], after?: () => void): void {
  const { classList } = document.documentElement;
  classList.add(...classes);
  addEventListener(
    "afterprint",
    () => {
      classList.remove(...classes);
      after?.();
    },
    { once: true },
  );
  print();
}
