/** The four questions by which a reader goes in: each is a layer of the map with its list. */
import { QUESTIONS } from "../../model/questions";
import type { Question } from "../../model/store";
import { button, el } from "../../ui/dom";

export class Questions {
  readonly element = el("nav", { class: "atlas-questions", "aria-label": "Four questions" });
  readonly #buttons = new Map<Question, HTMLButtonElement>();

  /** Of `offered`, those that this page has something to answer with. */
  constructor(offered: readonly Question[], ask: (question: Question) => void) {
    for (const { id, title } of QUESTIONS) {
      if (!offered.includes(id)) continue;
      const press = button(title, "atlas-question", () => {
        ask(id);
      });
      this.#buttons.set(id, press);
      this.element.append(press);
    }
  }

  show(question: Question): void {
    for (const [id, press] of this.#buttons) {
      press.setAttribute("aria-pressed", String(id === question));
    }
  }
}
