/** Conditions that choose areas: selects for the common ones, and a line to add any other. */
import type { Filter } from "../../model/filter";
import { isEmpty, NO_FILTER, withBound, withOneOf } from "../../model/filter";
import { plural } from "../../model/format";
import { Helps } from "../../model/helps";
import type { Identities } from "../../model/identity";
import { DISTRICT as DISTRICTS, ICB as BOARDS, KIND as KINDS, WARD as WARDS } from "../../model/identity";
import { KIND as EXCLUSION, Kinds } from "../../model/kinds";
import { follow } from "../../model/store";
import type { Table } from "../../model/table";
import type { Page } from "../../scoring/page";
import { button, el, words } from "../../ui/dom";
import { field, fill } from "./fields";
import { FilterByNumber } from "./filter-by-number";

const DRIVER = "main_driver";
const TENTH = "risk_decile";
const TENTHS: [string, number][] = [
  ["Most at-risk tenth", 1],
  ["Most at-risk fifth", 2],
  ["Most at-risk half", 5],
];
/** More than these are chosen from by district only. */
const MOST_WARDS = 400;
const ACT = "exclusion_decile";
const ACT_TENTHS: [string, number][] = [
  ["Worst tenth", 1],
  ["Worst fifth", 2],
];

export interface FilterHooks {
  /** Zooms the map to the areas that are chosen. */
  zoom: () => void;
  say: (text: string) => void;
}

export class FilterView {
  readonly element: HTMLDetailsElement;
  readonly #table: Table;
  readonly #identities: Identities;
  /** The columns that tell ICBs, districts, wards and kinds of place apart. */
  readonly #columns: { board: string; district: string; ward: string; kind: string };
  readonly #page: Page;
  readonly #hooks: FilterHooks;
  readonly #board: HTMLSelectElement;
  readonly #district: HTMLSelectElement;
  readonly #ward: HTMLSelectElement;
  readonly #kind: HTMLSelectElement;
  readonly #tenth: HTMLSelectElement;
  readonly #act: HTMLSelectElement;
  readonly #driver: HTMLSelectElement;
  readonly #exclusion: HTMLSelectElement;
  readonly #helps: Helps;
  readonly #byNumber: FilterByNumber;
  readonly #chips = el("ul", { class: "atlas-chips", "aria-label": "Further conditions" });
  readonly #totals = el("p", { class: "atlas-totals" });
  readonly #count = el("span", { class: "atlas-filter-count" });
  readonly #clear: HTMLButtonElement;
  readonly #zoom: HTMLButtonElement;

  constructor(page: Page, hooks: FilterHooks) {
    const { data, table, identities } = page;
    this.#page = page;
    this.#hooks = hooks;
    this.#table = table;
    this.#identities = identities;
    this.#columns = {
      board: identities.of(BOARDS).column,
      district: identities.of(DISTRICTS).column,
      ward: identities.of(WARDS).column,
      kind: identities.of(KINDS).column,
    };
    this.#helps = new Helps(data);
    const { board, district, ward, kind } = this.#columns;
    const boards = this.#options(board);
    this.#board = this.#select("ICB", "All ICBs", boards, (value) => {
      this.#send(
        [
          [board, value],
          [district, ""],
          [ward, ""],
        ].reduce((filter, [column, one]) => withOneOf(filter, column, one ? [one] : []), this.#filter),
      );
    });
    this.#district = this.#select("District", "All districts", [], (value) => {
      const districts = value ? [value] : [];
      this.#send(withOneOf(withOneOf(this.#filter, district, districts), ward, []));
    });
    this.#ward = this.#select("Ward", "All wards", [], (value) => {
      this.#send(withOneOf(this.#filter, ward, value ? [value] : []));
    });
    this.#kind = this.#select("Rural or urban", "All kinds of place", this.#kinds(), (value) => {
      this.#send(withOneOf(this.#filter, kind, this.#kindsOf(value)));
    });
    const tenths: [string, string][] = TENTHS.map(([title, most]) => [title, String(most)]);
    this.#tenth = this.#select("Risk", "All", tenths, (value) => {
      this.#send(withBound(this.#filter, TENTH, "most", value ? Number(value) : null));
    });
    this.#act = this.#select(
      "Where to act",
      "All",
      ACT_TENTHS.map(([title, most]): [string, string] => [title, String(most)]),
      (value) => {
        this.#send(withBound(this.#filter, ACT, "most", value ? Number(value) : null));
      },
    );
    this.#driver = this.#select("Main driver", "Any", [], (value) => {
      this.#send(withOneOf(this.#filter, DRIVER, value ? [value] : []));
    });
    const kinds = new Kinds(data.kinds);
    this.#exclusion = this.#select(
      "What kind",
      "Any",
      kinds.values.map((value): [string, string] => [kinds.called(value), value]),
      (value) => {
        this.#send(withOneOf(this.#filter, EXCLUSION, value ? [value] : []));
      },
    );
    this.#byNumber = new FilterByNumber(page, (bound) => {
      this.#send(withBound(this.#filter, bound.column, bound.side, bound.value));
    });
    this.#clear = button("Clear all", "atlas-quiet", () => {
      this.#send(NO_FILTER);
      this.#tenth.focus();
    });
    this.#zoom = button("Zoom to these", "atlas-quiet", hooks.zoom);
    this.element = el(
      "details",
      { class: "atlas-section atlas-filter" },
      el("summary", {}, "Choose areas ", this.#count),
      el(
        "div",
        { class: "atlas-section-body" },
        field(this.#tenth, "Risk"),
        table.holds(ACT) ? field(this.#act, "High risk, little support: one score") : null,
        table.holds(EXCLUSION) ? field(this.#exclusion, "What kind of exclusion") : null,
        table.holds(DRIVER) ? field(this.#driver, "Main driver") : null,
        boards.length > 1 ? field(this.#board, "Integrated Care Board (ICB)") : null,
        field(this.#district, "District"),
        field(this.#ward, "Ward"),
        field(this.#kind, "Rural or urban"),
        el("details", { class: "atlas-more" }, el("summary", {}, "By any number"), this.#byNumber.element),
        this.#chips,
        this.#totals,
        el("div", { class: "atlas-row" }, this.#zoom, this.#clear),
      ),
    );
    const { store, showing } = page;
    follow(
      () => store.revision.value,
      () => {
        this.#byNumber.explain();
      },
    );
    follow(
      () => [showing.totals.value, store.filter.value, store.revision.value],
      () => {
        this.#show(this.#filter);
      },
    );
  }

  get #filter(): Filter {
    return this.#page.store.filter.peek();
  }

  #show(filter: Filter): void {
    const conditions = filter.oneOf.length + filter.bounds.length;
    this.#count.textContent = conditions ? `(${plural(conditions, "condition", "conditions")})` : "";
    this.#totals.textContent = this.#page.showing.totalsInWords();
    this.#clear.disabled = this.#zoom.disabled = isEmpty(filter);
    this.#board.value = this.#only(this.#columns.board) ?? "";
    this.#showDistricts();
    this.#showWards();
    this.#ward.value = this.#only(this.#columns.ward) ?? "";
    const kinds = [...(filter.oneOf.find(({ column }) => column === this.#columns.kind)?.values ?? [])].sort();
    this.#kind.value = this.#kinds().find(([, value]) => this.#kindsOf(value).sort().join() === kinds.join())?.[1] ?? "";
    this.#tenth.value = this.#tenthOf(TENTH, TENTHS);
    this.#act.value = this.#tenthOf(ACT, ACT_TENTHS);
    this.#exclusion.value = this.#only(EXCLUSION) ?? "";
    this.#showDrivers();
    this.#showChips();
  }

  /** The choice that a condition on a tenth is, empty for none of them. */
  #tenthOf(column: string, choices: readonly [string, number][]): string {
    const bound = this.#filter.bounds.find((other) => other.column === column && other.side === "most");
    return bound && choices.some(([, most]) => most === bound.value) ? String(bound.value) : "";
  }

  /** The components that drive any area's risk now, and the one that is asked for. */
  #showDrivers(): void {
    const texts = this.#table.texts(DRIVER);
    const chosen = this.#only(DRIVER);
    const codes = new Set(texts?.codes);
    const found = new Set(texts?.values.filter((_, code) => codes.has(code)));
    if (chosen !== undefined) found.add(chosen);
    const sorted = [...found].sort(new Intl.Collator("en-GB").compare);
    fill(
      this.#driver,
      "Any",
      sorted.map((title) => [this.#helps.called(title), title]),
    );
    this.#driver.value = chosen ?? "";
  }

  /** Those with areas in the chosen ICB; several, as a link may choose, show as their number. */
  #showDistricts(): void {
    const within = this.#valuesIn(this.#columns.district, this.#columns.board, this.#only(this.#columns.board));
    const chosen = this.#filter.oneOf.find(({ column }) => column === this.#columns.district)?.values ?? [];
    fill(
      this.#district,
      "All districts",
      this.#options(this.#columns.district).filter(([, code]) => within.has(code) || chosen.includes(code)),
    );
    if (chosen.length > 1) this.#district.append(el("option", { value: "*" }, `${chosen.length} districts`));
    this.#district.value = chosen.length > 1 ? "*" : (chosen.at(0) ?? "");
  }

  #send(filter: Filter): void {
    this.#page.store.filter.value = filter;
    this.#hooks.say(isEmpty(filter) ? "No conditions: all areas" : this.#page.showing.totalsInWords());
  }

  #only(column: string): string | undefined {
    const values = this.#filter.oneOf.find((condition) => condition.column === column)?.values ?? [];
    return values.length === 1 ? values[0] : undefined;
  }

  #options(column: string): [string, string][] {
    const { compare } = new Intl.Collator("en-GB");
    const values = [...(this.#identities.about(column)?.labels ?? [])].map(([value, label]): [string, string] => [label, value]);
    return values.sort(([a], [b]) => compare(a, b));
  }

  /** "Rural" and "Urban" together before each class of the classification. */
  #kinds(): [string, string][] {
    const kinds = this.#options(this.#columns.kind);
    return kinds.length ? [["All urban", "urban"], ["All rural", "rural"], ...kinds] : [];
  }

  #kindsOf(chosen: string): string[] {
    // Codes of the classification begin with U or R, as its names do with "Urban" or with what kind of rural.
    const values = this.#options(this.#columns.kind).map(([, value]) => value);
    if (chosen === "urban") return values.filter((value) => value.startsWith("U"));
    if (chosen === "rural") return values.filter((value) => !value.startsWith("U"));
    return chosen ? [chosen] : [];
  }

  /** The wards of the chosen district; of all where they are few enough to choose from. */
  #showWards(): void {
    const district = this.#only(this.#columns.district);
    const wards = this.#table.texts(this.#columns.ward);
    const few = wards !== null && (district !== undefined || wards.values.length <= MOST_WARDS);
    const found = few ? this.#valuesIn(this.#columns.ward, this.#columns.district, district) : new Set<string>();
    const chosen = this.#only(this.#columns.ward);
    if (chosen !== undefined) found.add(chosen);
    const { compare } = new Intl.Collator("en-GB");
    const called = this.#identities.of(WARDS);
    const sorted = [...found].map((code): [string, string] => [called.label(code), code]).sort(([a], [b]) => compare(a, b));
    fill(this.#ward, found.size ? "All wards" : "Choose a district first", sorted);
    this.#ward.disabled = !found.size;
  }

  /** The values of a column in the areas that have a value in another one; in all areas where that is undefined. */
  #valuesIn(column: string, around: string, value: string | undefined): Set<string> {
    const [inner, outer] = [this.#table.texts(column), this.#table.texts(around)];
    const wanted = value === undefined ? null : (outer?.values.indexOf(value) ?? -1);
    const codes = new Set(inner?.codes.filter((_, row) => wanted === null || outer?.codes[row] === wanted));
    return new Set(inner?.values.filter((_, code) => codes.has(code)));
  }

  #select(label: string, all: string | null, options: readonly (readonly [string, string])[], change: (value: string) => void): HTMLSelectElement {
    const select = el("select", { id: `atlas-filter-${label.toLowerCase().replace(/\W+/g, "-")}` });
    fill(select, all, options);
    select.addEventListener("change", () => {
      change(select.value);
    });
    return select;
  }

  /** Conditions that no select shows, each with a button that takes it away. */
  #showChips(): void {
    const chips: [string, Filter][] = [];
    for (const bound of this.#filter.bounds) {
      const select = { [TENTH]: this.#tenth, [ACT]: this.#act }[bound.column];
      const shown = bound.side === "most" && select && this.element.contains(select) && select.value === String(bound.value);
      if (!shown) chips.push([this.#page.filterWords.bound(bound), withBound(this.#filter, bound.column, bound.side, null)]);
    }
    for (const { column, values } of this.#filter.oneOf) {
      const { board, district, ward, kind } = this.#columns;
      const shown = {
        [board]: this.element.contains(this.#board) ? this.#board.value : "",
        [district]: this.#district.value,
        [ward]: this.#ward.value,
        [kind]: this.#kind.value,
        [DRIVER]: this.#driver.value,
        [EXCLUSION]: this.#exclusion.value,
      }[column];
      if (!shown || shown === "*") chips.push([this.#page.filterWords.choice({ column, values }), withOneOf(this.#filter, column, [])]);
    }
    this.#chips.replaceChildren(
      ...chips.map(([text, without]) => {
        const remove = button("Remove", "atlas-quiet", () => {
          this.#send(without);
          (this.#chips.querySelector("button") ?? this.#clear).focus();
        });
        remove.setAttribute("aria-label", `Remove the condition ${text}`);
        return el("li", {}, words(text), " ", remove);
      }),
    );
    this.#chips.hidden = !chips.length;
  }
}
