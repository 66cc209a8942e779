/** What the page shows at the moment, worked out from what is chosen: layers, areas and sentences that hold of it. */
import type { Areas } from "../model/areas";
import type { LegendEntry } from "../model/classes";
import { legendEntries } from "../model/classes";
import type { Colouring } from "../model/colour";
import type { AtlasData, LayerInfo } from "../model/contract";
import type { Totals } from "../model/filter";
import { isEmpty, rowsOf, totals } from "../model/filter";
import type { FilterWords } from "../model/filter-words";
import { totalsInWords } from "../model/filter-words";
import type { LargerLayer } from "../model/larger-layer";
import { isLarger, largerLayer } from "../model/larger-layer";
import type { Levels } from "../model/levels";
import type { Scored } from "../model/scored";
import type { ReadonlySignal, Store } from "../model/store";
import { batch, computed, follow, signal } from "../model/store";
import type { Table } from "../model/table";
import type { Values } from "../model/values";
import type { WhatIfState } from "../model/what-if";
import type { Changed, Replacement } from "./now";
import { changeInWords, comparedWith, layerNow, notKnown, replacement } from "./now";
import { againstNation, isNation, scoredColumns } from "./rescored";

export const RANKED_LAYER = "risk_decile";
const IN_WORST_TENTH = "worst_decile_probability";
/** Shares of plausible indices beyond which an area is surely in the worst tenth, or out of it. */
const SELDOM = 0.1;
const MOSTLY = 0.9;

/** The numbers in the table where they are not the published ones. */
export interface Rescored {
  state: WhatIfState;
  scored: Scored;
  changed: Changed;
  replaced: Replacement;
}

interface Parts {
  data: AtlasData;
  table: Table;
  areas: Areas;
  values: Values;
  filterWords: FilterWords;
  store: Store;
  levels: Levels;
}

export class Showing {
  /** How what the table holds differs from the published index; null where it does not. */
  readonly rescored: ReadonlySignal<Rescored | null>;
  /** The layer on the map, and the one beside it, with the words that hold of what is shown. */
  readonly layer: ReadonlySignal<LayerInfo>;
  /** The larger areas that the map is coloured by; null where it is not. */
  readonly larger: ReadonlySignal<LargerLayer | null>;
  readonly beside: ReadonlySignal<LayerInfo | null>;
  /** The areas that meet the filter, and what they add up to. */
  readonly rows: ReadonlySignal<Uint32Array>;
  readonly totals: ReadonlySignal<Totals>;
  /** The striping of areas that are not surely in or out of the worst tenth can be shown; it is. */
  readonly stripesApply: ReadonlySignal<boolean>;
  readonly stripes: ReadonlySignal<Uint8Array | null>;
  readonly #parts: Parts;
  readonly #rescored = signal<Rescored | null>(null);

  constructor(parts: Parts) {
    this.#parts = parts;
    const { data, table, store, levels } = parts;
    this.rescored = this.#rescored;
    this.larger = computed(() => {
      const [level, measure, included] = [store.level.value, store.measure.value, store.included.value, store.revision.value, levels.published.value];
      return level && largerLayer(level, measure, { levels, table, data, included });
    });
    this.layer = computed(() => this.larger.value ?? this.now(this.called(store.layer.value) ?? data.layers[0]));
    this.beside = computed(() => {
      const layer = this.called(store.beside.value);
      return layer ? this.now(layer) : null;
    });
    this.rows = computed(() => rowsOf(store.included.value, table.rows));
    this.totals = computed(() => totals(this.rows.value, table));
    const uncertain = unsure(table);
    this.stripesApply = computed(() => store.layer.value === RANKED_LAYER && store.level.value === null && uncertain !== null && this.rescored.value === null);
    this.stripes = computed(() => (this.stripesApply.value && store.stripes.value ? uncertain : null));
    follow(
      () => ({ scored: store.scored.value, state: store.applied, chosen: store.chosen.value }),
      ({ scored, state, chosen }) => {
        this.#replace(scored, state, chosen);
      },
    );
  }

  called(id: string | null): LayerInfo | undefined {
    return this.#parts.data.layers.find((layer) => layer.id === id);
  }

  /** A layer with the words that hold of what is shown. */
  now(layer: LayerInfo): LayerInfo {
    const { data, table } = this.#parts;
    const rescored = this.rescored.value;
    const now = { changed: rescored?.changed ?? null, unknown: rescored?.replaced.unknown ?? new Set<string>(), againstNation: this.againstNation };
    return layerNow(this.called(layer.id) ?? layer, now, table, data.nation.title);
  }

  /** Whether the components that are shown are scored against the nation. */
  get againstNation(): boolean {
    const { data, table } = this.#parts;
    return againstNation(data, table, this.rescored.value?.state ?? null);
  }

  get isNation(): boolean {
    return isNation(this.#parts.data, this.#parts.table);
  }

  /** The weights of the components, in the order of the index. */
  get weights(): readonly number[] {
    return this.rescored.value?.state.weights ?? this.#parts.data.index.components.map(({ weight }) => weight);
  }

  get changed(): Changed | null {
    return this.rescored.value?.changed ?? null;
  }

  colouring(layer: LayerInfo): Colouring {
    return { classes: this.#parts.values.classes(layer), colours: layer.classes.map(({ colour }) => colour) };
  }

  /** What a layer's colours mean, and how many of the chosen areas, or of the places that they make up, have each. */
  entries(layer: LayerInfo): LegendEntry[] {
    if (isLarger(layer)) return legendEntries(layer, layer.larger.classesOfUnits);
    return legendEntries(layer, this.#parts.values.classes(layer), this.#parts.store.included.value);
  }

  // --- in words ---

  totalsInWords(): string {
    return totalsInWords(this.totals.value, this.#parts.table.rows);
  }

  /** That a layer, or whatever follows from the index, is not as published; nothing where it is. */
  changedInWords(layer?: LayerInfo): string {
    const rescored = this.rescored.value;
    if (!rescored) return "";
    const { changed, replaced } = rescored;
    const columns = layer ? [layer.column, layer.column_by].filter((column) => column !== null) : [];
    if (columns.some((column) => replaced.unknown.has(column))) return "";
    const follows = !layer || columns.some((column) => replaced.columns.has(column));
    return follows ? `By ${changeInWords(changed)}, ${comparedWith(this.#parts.data, changed)}: not the published index.` : "";
  }

  /** What is shown where that is not all of the published index: changed weights, then conditions. */
  provenance(): string[] {
    const { data, store, filterWords } = this.#parts;
    const changed = this.changed;
    const weights = data.index.components.map(({ title }, number) => `${title} ${Number(this.weights[number].toFixed(4))}`);
    const what = changed?.weights ? `WEIGHTS CHANGED, not the published index: ${weights.join(", ")}` : "COMPARISON CHANGED, not the published index";
    const filter = store.filter.value;
    return [
      ...(changed ? [`${what}; ${comparedWith(data, changed)}.`] : []),
      ...(isEmpty(filter) ? [] : [`Only areas with ${filterWords.all(filter).join("; ")}. ${this.totalsInWords()}`]),
    ];
  }

  /** The same for a file, which says so too where it is all as published. */
  madeWith(): string {
    const { data, store } = this.#parts;
    const { index, built, fictional } = data;
    const published = this.changed ? [] : [`Published index: ${index.title}, ${comparedWith(data)}.`];
    const all = isEmpty(store.filter.value) ? ["All areas."] : [];
    return [...(fictional ? ["FICTIONAL DATA."] : []), ...published, ...this.provenance(), ...all, `Built ${built.slice(0, 10)}.`].join(" ");
  }

  // --- other weights ---

  /** Other scores and ranks take the place of the published ones, or give it back. */
  #replace(scored: Scored | null, state: WhatIfState | null, chosen: Uint8Array | null): void {
    if (!scored && !this.#rescored.peek()) return;
    const { data, table, areas, values, store } = this.#parts;
    let rescored: Rescored | null = null;
    if (scored && state) {
      const among = state.reference === "selection" && chosen ? scored.count : null;
      const weights = data.index.components.some(({ weight }, number) => weight !== state.weights[number]);
      const changed = { weights, reference: state.reference, among };
      rescored = { state, scored, changed, replaced: replacement(scoredColumns(scored, state, data, table), data.columns, table.published()) };
    }
    table.replace(rescored?.replaced.columns ?? null);
    areas.recount();
    values.forget(rescored?.replaced.unknown, rescored ? notKnown(rescored.changed) : undefined);
    batch(() => {
      this.#rescored.value = rescored;
      store.revision.value++;
    });
  }
}

/** 1 for each area of which it is not sure whether it belongs to the worst tenth; null where the page does not say. */
function unsure(table: Table): Uint8Array | null {
  if (!table.has(IN_WORST_TENTH)) return null;
  const shares = table.numbers(IN_WORST_TENTH);
  const unsure = new Uint8Array(shares.length);
  for (let row = 0; row < shares.length; row++) if (shares[row] > SELDOM && shares[row] < MOSTLY) unsure[row] = 1;
  return unsure;
}
