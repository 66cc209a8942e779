/** "What if": other weights, scored again at once, and what that changes. */
import type { AtlasData } from "../../model/contract";
import { plural } from "../../model/format";
import { indexFile, unfiled } from "../../model/index-file";
import type { Scored } from "../../model/scored";
import { follow } from "../../model/store";
import type { WhatIfState } from "../../model/what-if";
import type { Page } from "../../scoring/page";
import { asked, keptTotal } from "../../scoring/weights";
import { button, el } from "../../ui/dom";
import { WhatIfForm } from "./what-if-form";
import { WhatIfResult } from "./what-if-result";

/** How long the reader's hand must rest before the result is said, milliseconds. */
const REST = 800;
const WEIGHTS_CHANGED = "Weights are changed: this is not the published index.";
const COMPARISON_CHANGED = "The comparison is changed: this is not the published index.";

export interface WhatIfHooks {
  /** Says something to those who listen to the page. */
  say: (text: string) => void;
  select: (row: number) => void;
  save: (name: string, text: string) => void;
}

export type WhatIfData = Pick<AtlasData, "title" | "built" | "index" | "nation">;

type WhatIfPage = Pick<Page, "table" | "scorer" | "store"> & { data: WhatIfData; areas: Pick<Page["areas"], "name" | "place"> };

export class WhatIf {
  readonly element = el("details", { class: "atlas-section atlas-what-if" }, el("summary", {}, "Try other weights"));
  /** Says above the map that this is not the published index; hidden while it is. */
  readonly notice: HTMLElement;
  readonly #page: WhatIfPage;
  readonly #hooks: WhatIfHooks;
  readonly #form: WhatIfForm;
  readonly #result: WhatIfResult;
  readonly #noticeText = el("strong");
  readonly #ownNotice = el("p", { class: "atlas-what-if-notice", hidden: "" });
  readonly #problem = el("p", { class: "atlas-what-if-problem", hidden: "" });
  readonly #back: HTMLButtonElement;
  readonly #save: HTMLButtonElement;
  /** What is asked for until the next frame, when it goes to the store. */
  #pending: WhatIfState | null = null;
  #frame: number | null = null;
  #resting: ReturnType<typeof setTimeout> | null = null;
  #sentence = "";
  /** It has been said that this is not the published index. */
  #said = false;

  constructor(page: WhatIfPage, hooks: WhatIfHooks) {
    this.#page = page;
    this.#hooks = hooks;
    const { data, table, areas, scorer, store } = page;
    this.#form = new WhatIfForm(data, scorer, {
      weigh: (component, weight) => {
        const { weights, reference } = this.#asked;
        this.#ask({ weights: weights.with(component, weight), reference });
      },
      compare: (reference) => {
        this.#ask({ weights: this.#asked.weights, reference });
      },
    });
    this.#result = new WhatIfResult(table, scorer, areas, hooks.select);
    this.#back = button("Put back the published weights", "atlas-quiet", () => {
      this.#putBack();
    });
    this.#save = button("Save as an index file", "atlas-quiet", () => {
      this.#saveFile();
    });
    this.notice = el(
      "div",
      { class: "atlas-what-if-banner", role: "note", hidden: "" },
      this.#noticeText,
      " ",
      button("Put back", "atlas-quiet", () => {
        this.#putBack();
      }),
    );
    this.element.append(this.#body());
    follow(
      () => store.chosen.value,
      (chosen) => {
        this.#showFiltered(chosen);
      },
    );
    follow(
      () => ({
        state: store.whatIf.value,
        scored: store.scored.value,
        problem: store.problem.value,
        filtered: store.whatIf.value?.reference === "selection" && store.chosen.value !== null,
      }),
      ({ state, scored, problem, filtered }) => {
        this.#show(state, scored, problem, filtered);
      },
    );
  }

  #body(): HTMLElement {
    const cannot = unfiled(this.#page.data.index);
    return el(
      "div",
      { class: "atlas-section-body atlas-what-if-body" },
      el(
        "p",
        { class: "atlas-note" },
        "Move a slider to make a part of the risk count more or less. The map follows at once. Estimates of people, and support within reach, stay those of the published index.",
      ),
      this.#ownNotice,
      this.#form.sliders,
      this.#form.comparisons,
      this.#problem,
      this.#result.element,
      el("div", { class: "atlas-row" }, this.#back, this.#save),
      cannot === null ? null : el("p", { class: "atlas-note" }, cannot),
    );
  }

  // --- what the reader asks for ---

  get #asked(): WhatIfState {
    const { scorer, store } = this.#page;
    return this.#pending ?? store.whatIf.peek() ?? { weights: [...scorer.published], reference: scorer.own };
  }

  /** Scored again once a frame at most, however often a slider moves. */
  #ask(state: WhatIfState): void {
    this.#pending = state;
    this.#form.showShares(state.weights);
    this.#frame ??= requestAnimationFrame(() => {
      const { weights, reference } = this.#asked;
      this.#drop();
      this.#page.store.whatIf.value = asked(weights, reference, this.#page.scorer);
      this.#sayAtRest();
    });
  }

  #drop(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = this.#pending = null;
  }

  #putBack(): void {
    const { scorer, store } = this.#page;
    this.#drop();
    store.whatIf.value = null;
    this.#form.show(scorer.published, scorer.own);
    this.#hush();
    this.#hooks.say("The published weights are back.");
    // The button that was pressed is gone or of no more use.
    if (this.element.open) this.#form.focus();
    else this.element.querySelector("summary")?.focus();
  }

  #saveFile(): void {
    const { title, built, index } = this.#page.data;
    const file = indexFile(index, keptTotal(index, this.#asked.weights), { title, built, on: new Date() });
    this.#hooks.save(file.name, file.text);
    this.#hooks.say(`Saved as ${file.name}`);
  }

  // --- showing ---

  #show(state: WhatIfState | null, scored: Scored | null, problem: string, filtered: boolean): void {
    const { scorer, data } = this.#page;
    const weights = state?.weights ?? scorer.published;
    const reference = state?.reference ?? scorer.own;
    const weightsChanged = weights.some((weight, i) => weight !== scorer.published[i]);
    this.#form.show(weights, reference);
    if (state) this.element.open = true;
    this.#problem.textContent = problem ? `${problem} The map shows the published index.` : "";
    this.#problem.hidden = !problem;
    this.#sentence = this.#result.show(scored, filtered) || this.#problem.textContent;
    const notice = !scored ? "" : weightsChanged ? WEIGHTS_CHANGED : COMPARISON_CHANGED;
    this.#noticeText.textContent = this.#ownNotice.textContent = notice;
    this.notice.hidden = this.#ownNotice.hidden = !notice;
    this.#back.disabled = state === null;
    this.#save.disabled = !scored || !weightsChanged || unfiled(data.index) !== null;
  }

  #showFiltered(chosen: Uint8Array | null): void {
    const areas = chosen?.reduce((sum, value) => sum + (value ? 1 : 0), 0) ?? 0;
    this.#form.showFiltered(chosen ? `Now: ${plural(areas, "area", "areas")}.` : "No filter is set now, so that is every area of this map.");
    // Ranks among these areas have changed with them.
    if (this.#page.store.whatIf.value?.reference === "selection") this.#sayAtRest();
  }

  /** Says the result once the reader's hand rests, and first that this is not the published index. */
  #sayAtRest(): void {
    this.#hush();
    this.#resting = setTimeout(() => {
      const first = this.#shown && !this.#said ? `${this.#noticeText.textContent} ` : "";
      this.#said = this.#shown;
      this.#hooks.say(`${first}${this.#sentence || "This is the published index."}`);
    }, REST);
  }

  #hush(): void {
    if (this.#resting !== null) clearTimeout(this.#resting);
    this.#resting = null;
    this.#said &&= this.#shown;
  }

  get #shown(): boolean {
    return this.#page.store.scored.peek() !== null;
  }
}
