/** Handing on what is on the screen: as a link, or on paper. */
import { button, el } from "./dom";

/** Room for the map on an A4 page that also holds the panel, CSS pixels. */
const PRINT_WIDTH = 690;
const PRINT_HEIGHT = 336;
const PRINT_HEIGHT_BESIDE = 520;
const PRINT_HEIGHT_COMPARING = 360;
/** A map no wider than this has the name of the area and its rank beside it. */
const BESIDE_WIDTH = 440;
const PRINTING = "atlas-print-area";
const BESIDE = "atlas-print-beside";

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

/** Prints the map and the panel on one page, without what else is open. */
export function printArea(map: HTMLElement, comparing: boolean): void {
  const root = document.documentElement;
  const width = Math.max(1, map.offsetWidth);
  const height = Math.max(1, map.offsetHeight);
  const within = (most: number): number => Math.min(1, PRINT_WIDTH / width, (comparing ? PRINT_HEIGHT_COMPARING : most) / height);
  const beside = width * within(PRINT_HEIGHT_BESIDE) <= BESIDE_WIDTH;
  root.style.setProperty("--atlas-print-area-zoom", String(within(beside ? PRINT_HEIGHT_BESIDE : PRINT_HEIGHT)));
  printOnly(beside ? [PRINTING, BESIDE] : [PRINTING]);
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
