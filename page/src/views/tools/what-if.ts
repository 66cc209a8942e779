/** "What if": other weights, scored again at once, and what that changes. */
import type { Areas } from "../../model/areas";
import type { AtlasData } from "../../model/contract";
import { decimal, ordinal, plural } from "../../model/format";
import { indexFile, unfiled } from "../../model/index-file";
import type { Changes } from "../../scoring/changes";
import { changesOf, orderInWords, tenthInWords } from "../../scoring/changes";
import type { Ranked } from "../../scoring/ranking";
import type { Reference, Scored, ScoringTable } from "../../scoring/score";
import { sameSelection, Scorer } from "../../scoring/score";
import type { ReadWhatIf, WhatIfState } from "../../scoring/what-if";
import { parseWhatIf, sliderRange } from "../../scoring/what-if";
import { button, el, words } from "../../ui/dom";

const RISERS = 5;
/** How long the reader's hand must rest before the result is said, milliseconds. */
const REST = 800;
const WEIGHTS_CHANGED = "Weights are changed: this is not the published index.";
const COMPARISON_CHANGED = "The comparison is changed: this is not the published index.";
const AMONG_SELECTED = "Ranks and tenths are then among the filtered areas only. The other areas have none.";

export interface WhatIfCalls {
  /** What to show; null for what the page came with. */
  onChange: (scored: Scored | null) => void;
  /** Says something to those who listen to the page. */
  say: (text: string) => void;
  /** The areas that the reader has filtered, 1 for each row; null for all. */
  selection: () => Uint8Array | null;
  select: (row: number) => void;
  save: (name: string, text: string) => void;
}

type WhatIfData = Pick<AtlasData, "title" | "built" | "reference" | "index" | "nation">;

interface Slider {
  input: HTMLInputElement;
  share: HTMLElement;
  was: HTMLElement;
}

export class WhatIf {
  readonly element = el("details", { class: "atlas-section atlas-what-if" }, el("summary", {}, "Try other weights"));
  /** Says above the map that this is not the published index; hidden while it is. */
  readonly notice: HTMLElement;
  readonly #data: WhatIfData;
  readonly #areas: Pick<Areas, "name" | "place">;
  readonly #calls: WhatIfCalls;
  readonly #scorer: Scorer;
  /** A rank is better to compare with than a score, which may be rounded on the page. */
  readonly #published: Float64Array;
  readonly #most: number;
  readonly #sliders: Slider[] = [];
  readonly #radios = new Map<Reference, HTMLInputElement>();
  readonly #noticeText = el("strong");
  readonly #ownNotice = el("p", { class: "atlas-what-if-notice", hidden: "" });
  readonly #problem = el("p", { class: "atlas-what-if-problem", hidden: "" });
  readonly #summary = el("div", { class: "atlas-what-if-summary", hidden: "" });
  readonly #filtered = el("span");
  readonly #back: HTMLButtonElement;
  readonly #save: HTMLButtonElement;
  #weights: number[];
  #reference: Reference;
  #applied: WhatIfState | null = null;
  #scored: Scored | null = null;
  /** The published order of the areas that had a rank when it was last asked for. */
  #before: Ranked | null = null;
  /**
   * The areas that the reader last filtered. Where a filter by rank follows the new ranks, ranks do not follow it in turn:
   * that would never come to rest.
   */
  #selection: Uint8Array | null;
  #frame: number | null = null;
  #resting: ReturnType<typeof setTimeout> | null = null;
  #sentence = "";
  /** It has been said that this is not the published index. */
  #said = false;

  /** @param table with the published scores, whatever else the page may show. */
  constructor(data: WhatIfData, table: ScoringTable, areas: Pick<Areas, "name" | "place">, calls: WhatIfCalls) {
    this.#data = data;
    this.#areas = areas;
    this.#calls = calls;
    this.#scorer = new Scorer(data.index, table, data.nation, data.reference);
    this.#published = Float64Array.from({ length: table.rows }, (_, row) => -table.number("risk_rank", row));
    this.#weights = [...this.#scorer.published];
    this.#reference = this.#scorer.own;
    this.#selection = copied(calls.selection());
    const range = sliderRange(this.#scorer.published);
    this.#most = range.most;
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
    this.element.append(this.#body(range.step));
    this.#showWeights();
    this.#showFilter();
    this.#showState();
  }

  /** What is shown, if that is not the published index. */
  get(): WhatIfState | null {
    return this.#applied ? { weights: [...this.#applied.weights], reference: this.#applied.reference } : null;
  }

  /** Shows these weights and this comparison, at once; null for the published ones. */
  set(state: WhatIfState | null): void {
    const fits = state?.weights.length === this.#weights.length && this.#scorer.references.includes(state.reference);
    this.#weights = state && fits ? [...state.weights] : [...this.#scorer.published];
    this.#reference = state && fits ? state.reference : this.#scorer.own;
    this.#showWeights();
    this.#apply();
    if (this.#applied || !this.#problem.hidden) this.element.open = true;
  }

  /** How many areas the scores that are shown are ranked among, where that are only those of the filter. */
  get among(): number | null {
    return this.#applied?.reference === "selection" && this.#selection ? (this.#scored?.count ?? null) : null;
  }

  /** Some weight that is shown is not the published one. */
  get weightsChanged(): boolean {
    return this.#applied !== null && this.#weightsChanged;
  }

  /** What a value in the address says. A comparison that this page cannot make is not read either. */
  parse(value: string | null): ReadWhatIf {
    const read = parseWhatIf(value, this.names, this.#most);
    if (!read.state || this.#scorer.references.includes(read.state.reference)) return read;
    return { state: null, unread: [`the comparison “${read.state.reference}”`], byPlace: false };
  }

  /** Of the components, in the order of the index. */
  get names(): string[] {
    return this.#data.index.components.map(({ name }) => name);
  }

  /** After the reader filtered other areas. */
  selectionChanged(): void {
    const selection = this.#calls.selection();
    if (sameSelection(selection, this.#selection)) return;
    this.#selection = copied(selection);
    this.#showFilter();
    if (this.#reference === "selection") this.#schedule();
  }

  // --- the form ---

  #body(step: number): HTMLElement {
    const sliders = el("fieldset", {}, el("legend", {}, "How much each part counts"));
    this.#data.index.components.forEach(({ title }, i) => {
      const id = `atlas-what-if-${i}`;
      const input = el("input", { type: "range", id, min: "0", max: String(this.#most), step: String(step) });
      input.addEventListener("input", () => {
        this.#weights[i] = input.valueAsNumber;
        this.#showWeights(input);
        this.#schedule();
      });
      const share = el("span", { class: "atlas-what-if-share", "aria-hidden": "true" });
      const was = el("span", { class: "atlas-what-if-was", "aria-hidden": "true" });
      this.#sliders.push({ input, share, was });
      sliders.append(el("div", { class: "atlas-what-if-row" }, el("label", { for: id }, words(title)), share, input, was));
    });
    if (this.#kept) sliders.append(el("p", { class: "atlas-note" }, "Only the shares count: together, the weights stay what they were."));
    return el(
      "div",
      { class: "atlas-section-body atlas-what-if-body" },
      el("p", { class: "atlas-note" }, "Move a slider to make a part of the risk count more or less. The map follows at once. Estimates of people, and support within reach, stay those of the published index."),
      this.#ownNotice,
      sliders,
      this.#comparisons(),
      this.#problem,
      this.#summary,
      el("div", { class: "atlas-row" }, this.#back, this.#save),
      this.#unfiled === null ? null : el("p", { class: "atlas-note" }, this.#unfiled),
    );
  }

  #comparisons(): HTMLElement {
    const fieldset = el("fieldset", {}, el("legend", {}, "Compared with"));
    for (const reference of this.#scorer.references) {
      const id = `atlas-what-if-${reference}`;
      const input = el("input", { type: "radio", name: "atlas-what-if-reference", id, value: reference });
      input.addEventListener("change", () => {
        this.#reference = reference;
        this.#schedule();
      });
      const obstacle = this.#scorer.obstacle(reference);
      // The page's own comparison stays, as that is what the published scores are.
      input.disabled = obstacle !== null && reference !== this.#scorer.own;
      const hint = obstacle ?? (reference === "selection" ? AMONG_SELECTED : null);
      const explained = hint === null ? null : el("p", { class: "atlas-note", id: `${id}-hint` }, hint);
      if (explained) {
        input.setAttribute("aria-describedby", explained.id);
        if (reference === "selection" && obstacle === null) explained.append(" ", this.#filtered);
      }
      this.#radios.set(reference, input);
      fieldset.append(el("div", { class: "atlas-what-if-choice" }, input, el("label", { for: id }, this.#called(reference))), explained ?? "");
    }
    return fieldset;
  }

  #called(reference: Reference): HTMLElement | string {
    if (reference === "selection") return "The areas that the filter leaves";
    if (reference === "area") return el("span", {}, "The areas of ", words(this.#data.title));
    return el("span", {}, "All areas of ", words(this.#data.nation.title));
  }

  get #unfiled(): string | null {
    return unfiled(this.#data.index);
  }

  /** Weights that are counted as they are keep their total, whatever the sliders say. */
  get #kept(): boolean {
    const { index } = this.#data;
    return index.aggregation === "weighted-sum" && index.components[0].indicators[0].normalisation !== "z-score";
  }

  #scaled(weights: readonly number[]): readonly number[] {
    const factor = this.#kept ? total(this.#scorer.published) / total(weights) : 1;
    return Number.isFinite(factor) && factor !== 1 ? weights.map((weight) => weight * factor) : weights;
  }

  get #weightsChanged(): boolean {
    return this.#weights.some((weight, i) => weight !== this.#scorer.published[i]);
  }

  // --- scoring ---

  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#apply();
      this.#sayAtRest();
    });
  }

  #apply(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
    const before = this.#applied;
    this.#applied = null;
    this.#scored = null;
    let problem = "";
    let changes: Changes | null = null;
    if (this.#weightsChanged || this.#reference !== this.#scorer.own) {
      const result = this.#scorer.score(this.#scaled(this.#weights), this.#reference, this.#selection);
      if ("problem" in result) problem = result.problem;
      else {
        this.#scored = result;
        this.#applied = { weights: [...this.#weights], reference: this.#reference };
        changes = changesOf(this.#beforeOf(result), result, RISERS);
      }
    }
    this.#showResult(problem, changes);
    this.#showState();
    if (before || this.#applied) this.#calls.onChange(this.#scored);
  }

  /** The published order of the areas that have a rank now. */
  #beforeOf({ rank }: Scored): Ranked {
    const known = this.#before?.rank.every((value, row) => Number.isNaN(value) === (Number.isNaN(rank[row]) || Number.isNaN(this.#published[row])));
    if (!this.#before || !known) {
      this.#before = this.#scorer.rank(this.#published.map((value, row) => (Number.isNaN(rank[row]) ? NaN : value)));
    }
    return this.#before;
  }

  #putBack(): void {
    this.set(null);
    this.#hush();
    this.#calls.say("The published weights are back.");
    // The button that was pressed is gone or of no more use.
    const next = this.element.open ? this.#sliders[0].input : this.element.querySelector("summary");
    next?.focus();
  }

  #saveFile(): void {
    const { title, built, index } = this.#data;
    const file = indexFile(index, this.#scaled(this.#weights), { title, built, on: new Date() });
    this.#calls.save(file.name, file.text);
    this.#calls.say(`Saved as ${file.name}`);
  }

  // --- showing ---

  #showWeights(moving: HTMLInputElement | null = null): void {
    const all = total(this.#weights);
    const allPublished = total(this.#scorer.published);
    this.#sliders.forEach(({ input, share, was }, i) => {
      const weight = this.#weights[i];
      const published = this.#scorer.published[i];
      const part = percent(all > 0 ? weight / all : 0);
      const old = percent(published / allPublished);
      if (input !== moving) input.value = String(weight);
      input.setAttribute("aria-valuetext", `${plain(weight)}, ${part} of the whole${part === old ? "" : `, published ${old}`}`);
      share.textContent = part;
      was.textContent = part === old ? "" : `published ${old}`;
    });
  }

  #showResult(problem: string, changes: Changes | null): void {
    this.#problem.textContent = problem ? `${problem} The map shows the published index.` : "";
    this.#problem.hidden = !problem;
    this.#summary.hidden = !changes;
    this.#sentence = this.#problem.textContent;
    if (!changes) {
      this.#summary.replaceChildren();
      return;
    }
    const among = this.#reference === "selection" && this.#selection ? `Among the ${plural(this.#scored?.count ?? 0, "filtered area", "filtered areas")}: ` : "";
    const tenth = among ? among + lowered(tenthInWords(changes)) : tenthInWords(changes);
    const order = orderInWords(changes, among ? "these areas" : "all areas");
    const none = this.#scored ? this.#unscored(this.#scored) : "";
    this.#sentence = [tenth, order, none].filter(Boolean).join(" ");
    this.#summary.replaceChildren(
      el("h2", {}, "What this changes"),
      el("p", { class: "atlas-what-if-tenth" }, tenth),
      el("p", {}, order),
      none ? el("p", {}, none) : "",
      ...this.#risers(changes),
    );
  }

  #unscored({ score }: Scored): string {
    const none = score.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
    return none ? `${plural(none, "area has", "areas have")} no score, because no part that counts has a value there.` : "";
  }

  #risers({ risers }: Changes): HTMLElement[] {
    if (!risers.length) return [];
    const list = el("ol");
    for (const { row, from, to } of risers) {
      const place = this.#areas.place(row);
      const open = el("button", { type: "button" }, words(place || this.#areas.name(row)), place ? ", " : null, place ? words(this.#areas.name(row)) : null);
      open.addEventListener("click", () => {
        this.#calls.select(row);
      });
      list.append(
        el(
          "li",
          {},
          open,
          el("span", { class: "atlas-what-if-move" }, `up ${plural(Math.ceil(from - to), "place", "places")}: ${placed(from)} to ${placed(to)}`),
        ),
      );
    }
    return [el("h3", {}, "Biggest moves towards most at risk"), list];
  }

  #showState(): void {
    const radio = this.#radios.get(this.#reference);
    if (radio) radio.checked = true;
    const notice = !this.#applied ? "" : this.#weightsChanged ? WEIGHTS_CHANGED : COMPARISON_CHANGED;
    this.#noticeText.textContent = this.#ownNotice.textContent = notice;
    this.notice.hidden = this.#ownNotice.hidden = !notice;
    this.#back.disabled = !this.#weightsChanged && this.#reference === this.#scorer.own;
    this.#save.disabled = !this.#applied || !this.#weightsChanged || this.#unfiled !== null;
  }

  #showFilter(): void {
    this.#filtered.textContent = this.#selection
      ? `Now: ${plural(this.#selection.reduce((sum, value) => sum + (value ? 1 : 0), 0), "area", "areas")}.`
      : "No filter is set now, so that is every area of this map.";
  }

  /** Says the result once the reader's hand rests, and first that this is not the published index. */
  #sayAtRest(): void {
    this.#hush();
    this.#resting = setTimeout(() => {
      const first = this.#applied && !this.#said ? `${this.#noticeText.textContent} ` : "";
      this.#said = this.#applied !== null;
      this.#calls.say(`${first}${this.#sentence || "This is the published index."}`);
    }, REST);
  }

  #hush(): void {
    if (this.#resting !== null) clearTimeout(this.#resting);
    this.#resting = null;
    this.#said &&= this.#applied !== null;
  }
}

function total(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

function percent(share: number): string {
  return decimal(share, 0, true);
}

/** A weight with no more decimals than it has. */
function plain(weight: number): string {
  return String(Number(weight.toFixed(4)));
}

function placed(rank: number): string {
  return Number.isInteger(rank) ? ordinal(rank) : `joint ${ordinal(Math.floor(rank))}`;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function copied(selection: Uint8Array | null): Uint8Array | null {
  return selection ? selection.slice() : null;
}
