/**
 * What the reader looks at: the one home of all that can be chosen on the page.
 *
 * Views follow it, and set it where their reader asks for something else; none keeps a selection, a filter or weights of its
 * own. The address is one of those that follow.
 */
import type { ReadonlySignal, Signal } from "@preact/signals-core";
import { batch, computed, effect, signal, untracked } from "@preact/signals-core";
import type { Shown, View } from "./address";
import type { Filter } from "./filter";
import { matching, NO_FILTER, sameSelection } from "./filter";
import type { Measure } from "./larger";
import type { Level } from "./levels";
import type { Problem, Scored } from "./scored";
import type { Table } from "./table";
import type { WhatIfState } from "./what-if";

/** The questions that lead into the page. */
export type Question = "risk" | "kind" | "support" | "act";

/** Areas that are outlined on the map, and what they are, in words. */
export interface Outlined {
  rows: readonly number[];
  text: string;
}

/** Scores by other weights, ranked among some areas (null: among all), or why there are none. */
export type Score = (asked: WhatIfState, among: Uint8Array | null) => Scored | Problem;

export class Store {
  /** The first picture of the map is on the screen, or need not be waited for. */
  readonly drawn = signal(true);
  readonly question = signal<Question>("risk");
  /** The kind of exclusion that the list of kinds is narrowed to; null for all. */
  readonly kind = signal<string | null>(null);
  /** The layer on the map, by its id; where two are compared, the one on the left. */
  readonly layer: Signal<string>;
  /** The layer on the right, and where the two meet: 0 at the left edge of the map, 1 at the right. */
  readonly beside = signal<string | null>(null);
  readonly divide = signal(0.5);
  /** The larger areas that the map is coloured by, and by what; null: it is coloured by the layer. */
  readonly level = signal<Level | null>(null);
  readonly measure = signal<Measure>("mean");
  /** The practices, networks or groups that are listed, by the id of their level; they overlap, and have no map. */
  readonly grouping = signal<string | null>(null);
  readonly selected = signal<number | null>(null);
  readonly hovered = signal<number | null>(null);
  /** Areas that a suggestion of the search stands for, while it is looked at. */
  readonly suggested = signal<readonly number[]>([]);
  /** The area that others are compared with. */
  readonly pinned = signal<number | null>(null);
  readonly filter = signal<Filter>(NO_FILTER);
  /** Weights and comparison that are asked for in place of the published ones. */
  readonly whatIf = signal<WhatIfState | null>(null);
  /** The list that is open. */
  readonly show = signal<Shown | null>(null);
  /** Kinds of symbols on the map, by their ids; null for those that the page shows by itself. */
  readonly places = signal<readonly string[] | null>(null);
  readonly outlined = signal<Outlined | null>(null);
  /** Areas of which it is not sure whether they belong to the worst tenth are striped. */
  readonly stripes = signal(true);
  /** Pounds that a plan may cost in a year. */
  readonly budget = signal<number | null>(null);
  /** What the map is on; null before there is a map. */
  readonly view = signal<View | null>(null);
  /** Counts how often the numbers of the table were replaced. */
  readonly revision = signal(0);
  /** 1 for each area that meets the filter by the numbers that are shown; null where there is none. */
  readonly included: ReadonlySignal<Uint8Array | null>;
  /**
   * The areas that met the filter when it was set. Ranks among these follow the filter; where a filter by rank follows the
   * new ranks, they do not follow it in turn: that would never come to rest.
   */
  readonly chosen: ReadonlySignal<Uint8Array | null>;
  /** Scores by the weights that are asked for; null by the published ones, and where there is a problem. */
  readonly scored: ReadonlySignal<Scored | null>;
  /** Why there are no scores by the weights that are asked for; empty where there are, or none are asked for. */
  readonly problem: ReadonlySignal<string>;

  constructor(table: Table, layer: string, score: Score) {
    this.layer = signal(layer);
    this.included = unlessSame(() => {
      const [filter] = [this.filter.value, this.revision.value];
      return matching(filter, table);
    });
    this.chosen = unlessSame(() => {
      const filter = this.filter.value;
      return untracked(() => matching(filter, table));
    });
    const result = computed(() => {
      const asked = this.whatIf.value;
      return asked && score(asked, asked.reference === "selection" ? this.chosen.value : null);
    });
    this.scored = computed(() => (result.value && "score" in result.value ? result.value : null));
    this.problem = computed(() => (result.value && "problem" in result.value ? result.value.problem : ""));
  }

  /** The weights and the comparison that the page shows; null for the published ones. */
  get applied(): WhatIfState | null {
    return this.scored.value && this.whatIf.value;
  }

  /** Shows another layer. Where it was on the right, the two change places. */
  showLayer(id: string): void {
    const before = this.layer.peek();
    batch(() => {
      if (id === this.beside.peek()) this.beside.value = id === before ? null : before;
      this.layer.value = id;
    });
  }
}

/** Calls `act` with what `read` gives, now and whenever something that `read` reads of a store changes. */
export function follow<T>(read: () => T, act: (value: T) => void): () => void {
  return effect(() => {
    const value = read();
    untracked(() => {
      act(value);
    });
  });
}

/** As `follow`, but not before the first picture of the map is there: for what nobody sees with it. */
export function followLater<T>({ drawn }: Pick<Store, "drawn">, read: () => T, act: (value: T) => void): void {
  effect(() => {
    if (!drawn.value) return;
    const value = read();
    untracked(() => {
      act(value);
    });
  });
}

/** A selection that stays the same object while it selects the same areas. */
function unlessSame(select: () => Uint8Array | null): ReadonlySignal<Uint8Array | null> {
  let before: Uint8Array | null = null;
  return computed(() => {
    const now = select();
    if (!sameSelection(before, now)) before = now;
    return before;
  });
}

export { batch, computed, signal, untracked };
export type { ReadonlySignal };
