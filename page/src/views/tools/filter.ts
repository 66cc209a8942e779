/** Conditions that choose areas: selects for the common ones, and a line to add any other. */
import type { AtlasData, ColumnInfo } from "../../model/contract";
import type { Bound, Filter, OneOf, Totals } from "../../model/filter";
import { isEmpty, NO_FILTER, withBound, withOneOf } from "../../model/filter";
import { columnValue, count, plural } from "../../model/format";
import { Helps } from "../../model/helps";
import { DISTRICT as DISTRICTS, Identities, KIND as KINDS, WARD as WARDS } from "../../model/identity";
import { KIND as EXCLUSION, Kinds } from "../../model/kinds";
import type { Table } from "../../model/table";
import { button, el, words } from "../../ui/dom";

const DRIVER = "main_driver";
const TENTH = "risk_decile";
const TENTHS: [string, number][] = [
  ["Most at-risk tenth", 1],
  ["Most at-risk fifth", 2],
  ["Most at-risk half", 5],
];
const ACT = "exclusion_decile";
const ACT_TENTHS: [string, number][] = [
  ["Worst tenth", 1],
  ["Worst fifth", 2],
];

/** Totals of some areas in words: "12 of 624 areas · 18,400 people · 4,210 aged 65 and over". */
export function totalsInWords({ areas, people, older }: Totals, all: number): string {
  const first = areas === all ? `All ${plural(all, "area", "areas")}` : `${count(areas)} of ${plural(all, "area", "areas")}`;
  return [first, plural(people, "person", "people"), `${count(older)} aged 65 and over`].join(" · ");
}

export class FilterView {
  readonly element: HTMLDetailsElement;
  readonly #table: Table;
  readonly #identities: Identities;
  /** The columns that tell districts, wards and kinds of place apart. */
  readonly #columns: { district: string; ward: string; kind: string };
  readonly #numeric: ColumnInfo[];
  readonly #infos: ReadonlyMap<string, ColumnInfo>;
  readonly #change: (filter: Filter) => void;
  readonly #district: HTMLSelectElement;
  readonly #ward: HTMLSelectElement;
  readonly #kind: HTMLSelectElement;
  readonly #tenth: HTMLSelectElement;
  readonly #act: HTMLSelectElement;
  readonly #driver: HTMLSelectElement;
  readonly #exclusion: HTMLSelectElement;
  readonly #helps: Helps;
  readonly #column: HTMLSelectElement;
  readonly #side: HTMLSelectElement;
  readonly #value: HTMLInputElement;
  readonly #unit = el("span", { class: "atlas-filter-unit" });
  readonly #hint = el("p", { class: "atlas-note", id: "atlas-filter-hint" });
  readonly #chips = el("ul", { class: "atlas-chips", "aria-label": "Further conditions" });
  readonly #totals = el("p", { class: "atlas-totals" });
  readonly #count = el("span", { class: "atlas-filter-count" });
  readonly #clear: HTMLButtonElement;
  readonly #zoom: HTMLButtonElement;
  #filter: Filter = NO_FILTER;

  constructor(data: AtlasData, table: Table, change: (filter: Filter) => void, zoom: () => void, clear: () => void) {
    this.#table = table;
    const identities = new Identities(table);
    this.#identities = identities;
    this.#columns = { district: identities.of(DISTRICTS).column, ward: identities.of(WARDS).column, kind: identities.of(KINDS).column };
    this.#change = change;
    this.#helps = new Helps(data);
    this.#infos = new Map(data.columns.map((info) => [info.name, info]));
    this.#numeric = data.columns.filter(
      (column) => column.type !== "string" && table.has(column.name) && !column.name.startsWith("indicators_missing"),
    );
    const { district, ward, kind } = this.#columns;
    this.#district = this.#select("District", "All districts", this.#options(district), (value) => {
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
    this.#act = this.#select("Where to act", "All", ACT_TENTHS.map(([title, most]): [string, string] => [title, String(most)]), (value) => {
      this.#send(withBound(this.#filter, ACT, "most", value ? Number(value) : null));
    });
    this.#driver = this.#select("Main driver", "Any", [], (value) => {
      this.#send(withOneOf(this.#filter, DRIVER, value ? [value] : []));
    });
    const kinds = new Kinds(data.kinds);
    this.#exclusion = this.#select("What kind", "Any", kinds.values.map((value): [string, string] => [kinds.called(value), value]), (value) => {
      this.#send(withOneOf(this.#filter, EXCLUSION, value ? [value] : []));
    });
    this.#column = this.#select(
      "Number",
      null,
      this.#numeric.map(({ title, name }) => [title, name]),
      () => {
        this.#explain();
      },
    );
    this.#side = this.#select("Condition", null, [["at least", "least"], ["at most", "most"]], () => undefined);
    this.#value = el("input", {
      type: "number",
      step: "any",
      id: "atlas-filter-value",
      "aria-describedby": "atlas-filter-hint",
      inputmode: "decimal",
    });
    this.#clear = button("Clear all", "atlas-quiet", () => {
      clear();
      this.#tenth.focus();
    });
    this.#zoom = button("Zoom to these", "atlas-quiet", zoom);
    const more = el(
      "form",
      { class: "atlas-filter-more" },
      field(this.#column, "Number"),
      el(
        "div",
        { class: "atlas-filter-line" },
        field(this.#side, "Condition", true),
        el("label", { for: "atlas-filter-value", class: "atlas-hidden" }, "Value"),
        this.#value,
        this.#unit,
        el("button", { type: "submit", class: "atlas-quiet" }, "Add"),
      ),
      this.#hint,
    );
    more.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add();
    });
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
        field(this.#district, "District"),
        field(this.#ward, "Ward"),
        field(this.#kind, "Rural or urban"),
        el("details", { class: "atlas-more" }, el("summary", {}, "By any number"), more),
        this.#chips,
        this.#totals,
        el("div", { class: "atlas-row" }, this.#zoom, this.#clear),
      ),
    );
    if (this.#numeric.length) this.#explain();
    this.#showWards();
    this.#showDrivers();
  }

  show(filter: Filter, totals: Totals): void {
    this.#filter = filter;
    const conditions = filter.oneOf.length + filter.bounds.length;
    this.#count.textContent = conditions ? `(${plural(conditions, "condition", "conditions")})` : "";
    this.#totals.textContent = totalsInWords(totals, this.#table.rows);
    this.#clear.disabled = this.#zoom.disabled = isEmpty(filter);
    this.#showWards();
    this.#showDistricts();
    this.#ward.value = this.#only(this.#columns.ward) ?? "";
    const kinds = [...(filter.oneOf.find(({ column }) => column === this.#columns.kind)?.values ?? [])].sort();
    this.#kind.value = this.#kinds().find(([, value]) => this.#kindsOf(value).sort().join() === kinds.join())?.[1] ?? "";
    this.#tenth.value = this.#tenthOf(TENTH, TENTHS);
    this.#act.value = this.#tenthOf(ACT, ACT_TENTHS);
    this.#exclusion.value = this.#only(EXCLUSION) ?? "";
    this.#showDrivers();
    this.#showChips();
  }

  /** After the numbers changed: other components may drive the risk. */
  refresh(): void {
    this.#showDrivers();
    this.#explain();
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
    fill(this.#driver, "Any", sorted.map((title) => [this.#helps.called(title), title]));
    this.#driver.value = chosen ?? "";
  }

  /** The filter in words, for the announcer and for files. */
  inWords(filter: Filter): string[] {
    return [
      ...filter.oneOf.map((condition) => this.#choiceInWords(condition)),
      ...filter.bounds.map((bound) => this.#boundInWords(bound)),
    ];
  }

  /** Several districts, as a link may choose, show as their number. */
  #showDistricts(): void {
    const chosen = this.#filter.oneOf.find(({ column }) => column === this.#columns.district)?.values ?? [];
    this.#district.querySelector("option[value='*']")?.remove();
    if (chosen.length > 1) this.#district.append(el("option", { value: "*" }, `${chosen.length} districts`));
    this.#district.value = chosen.length > 1 ? "*" : (chosen.at(0) ?? "");
  }

  #send(filter: Filter): void {
    this.#filter = filter;
    this.#change(filter);
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
    const districts = this.#table.texts(this.#columns.district);
    const chosen = this.#filter.oneOf.find(({ column }) => column === this.#columns.ward)?.values ?? [];
    const found = new Set<string>(chosen.length === 1 ? chosen : []);
    if (wards && (district !== undefined || wards.values.length <= 400)) {
      for (let row = 0; row < this.#table.rows; row++) {
        const here = district === undefined || (districts !== null && districts.values[districts.codes[row]] === district);
        if (here && wards.codes[row] >= 0) found.add(wards.values[wards.codes[row]]);
      }
    }
    const { compare } = new Intl.Collator("en-GB");
    const called = this.#identities.of(WARDS);
    const sorted = [...found].map((code): [string, string] => [called.label(code), code]).sort(([a], [b]) => compare(a, b));
    fill(this.#ward, found.size ? "All wards" : "Choose a district first", sorted);
    this.#ward.disabled = !found.size;
  }

  #select(
    label: string,
    all: string | null,
    options: readonly (readonly [string, string])[],
    change: (value: string) => void,
  ): HTMLSelectElement {
    const select = el("select", { id: `atlas-filter-${label.toLowerCase().replace(/\W+/g, "-")}` });
    fill(select, all, options);
    select.addEventListener("change", () => {
      change(select.value);
    });
    return select;
  }

  #info(column: string): ColumnInfo | undefined {
    return this.#numeric.find(({ name }) => name === column);
  }

  #title(column: string): string {
    return this.#identities.about(column)?.title ?? this.#infos.get(column)?.title ?? (column === DRIVER ? "Main driver" : column);
  }

  #choiceInWords({ column, values }: OneOf): string {
    const about = this.#identities.about(column);
    return `${this.#title(column)}: ${values.map((value) => about?.label(value) ?? value).join(" or ")}`;
  }

  /** What the chosen number means, and how far it ranges here. */
  #explain(): void {
    const info = this.#info(this.#column.value);
    if (!info) return;
    this.#unit.textContent = info.percent ? "%" : "";
    const numbers = this.#table.numbers(info.name).filter((value) => !Number.isNaN(value));
    let [low, high] = [Infinity, -Infinity];
    for (const number of numbers) {
      low = Math.min(low, number);
      high = Math.max(high, number);
    }
    this.#hint.replaceChildren(
      words(info.description),
      low <= high ? `. Here from ${columnValue(info, low)} to ${columnValue(info, high)}.` : ".",
    );
  }

  #add(): void {
    const info = this.#info(this.#column.value);
    const typed = Number(this.#value.value);
    if (!info || this.#value.value.trim() === "" || !Number.isFinite(typed)) {
      this.#value.focus();
      return;
    }
    const value = info.percent ? typed / 100 : typed;
    this.#send(withBound(this.#filter, info.name, this.#side.value === "most" ? "most" : "least", value));
    this.#value.value = "";
  }

  #boundInWords({ column, side, value }: Bound): string {
    const info = this.#info(column);
    const shown = info ? columnValue({ ...info, decimals: info.percent ? 1 : Number.isInteger(value) ? 0 : 2 }, value) : String(value);
    return `${this.#title(column)}: ${side === "least" ? "at least" : "at most"} ${shown}`;
  }

  /** Conditions that no select shows, each with a button that takes it away. */
  #showChips(): void {
    const chips: [string, Filter][] = [];
    for (const bound of this.#filter.bounds) {
      const select = { [TENTH]: this.#tenth, [ACT]: this.#act }[bound.column];
      const shown = bound.side === "most" && select && this.element.contains(select) && select.value === String(bound.value);
      if (!shown) chips.push([this.#boundInWords(bound), withBound(this.#filter, bound.column, bound.side, null)]);
    }
    for (const { column, values } of this.#filter.oneOf) {
      const { district, ward, kind } = this.#columns;
      const shown = { [district]: this.#district.value, [ward]: this.#ward.value, [kind]: this.#kind.value, [DRIVER]: this.#driver.value, [EXCLUSION]: this.#exclusion.value }[column];
      if (!shown || shown === "*") chips.push([this.#choiceInWords({ column, values }), withOneOf(this.#filter, column, [])]);
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

function fill(select: HTMLSelectElement, all: string | null, options: readonly (readonly [string, string])[]): void {
  select.replaceChildren(
    ...(all === null ? [] : [el("option", { value: "" }, all)]),
    ...options.map(([title, value]) => el("option", { value }, title)),
  );
}

function field(control: HTMLSelectElement, label: string, hidden = false): HTMLElement {
  return el("div", { class: "atlas-field" }, el("label", { for: control.id, ...(hidden ? { class: "atlas-hidden" } : {}) }, label), control);
}
