/** The finding: a block of sentences that follows the filter, the comparison and the weights, and never disappears. */
import type { Topic } from "../../model/finding";
import type { Sentence } from "../../model/sentence";
import { plain } from "../../model/sentence";
import { el, words } from "../../ui/dom";
import { sentenceNodes } from "../../ui/sentence";

export interface FindingHooks {
  /** Shows areas on the map. */
  show: (rows: readonly number[], text: string) => void;
}

const TOPICS: readonly [Topic, string][] = [
  ["worst", "Where is risk"],
  ["people", "How many people"],
  ["kind", "What kind"],
  ["act", "Where to act first"],
];

export class FindingView {
  readonly element: HTMLDetailsElement;
  /** The first of the sentences, by which a folded finding still says something. */
  readonly #first = el("span", { class: "atlas-finding-first" });
  readonly #list = el("dl", {});
  readonly #hooks: FindingHooks;

  /** Folds where the page is `narrow`. */
  constructor(hooks: FindingHooks, narrow: MediaQueryList) {
    this.#hooks = hooks;
    this.element = el(
      "details",
      { class: "atlas-finding" },
      el("summary", {}, el("span", { class: "atlas-hidden" }, "The finding: "), this.#first),
      this.#list,
    );
    const fold = (): void => {
      this.element.open = !narrow.matches;
    };
    narrow.addEventListener("change", fold);
    fold();
  }

  /** Takes the sentences of the areas that are shown now. */
  show(sentences: readonly Sentence<Topic>[]): void {
    const blocks = TOPICS.flatMap(([topic, title]) => {
      const about = sentences.filter((sentence) => sentence.topic === topic);
      if (!about.length) return [];
      const nodes = about.flatMap(({ parts }, at) => [at ? " " : "", ...sentenceNodes(parts, this.#hooks.show)]);
      return [el("div", {}, el("dt", {}, title), el("dd", {}, ...nodes))];
    });
    this.#list.replaceChildren(...blocks);
    this.#first.replaceChildren(words(sentences.length ? plain(sentences[0].parts) : ""));
  }
}
