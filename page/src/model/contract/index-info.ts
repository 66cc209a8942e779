/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */

/** A composite index as its file in `declared/indices` has it, with every default filled in. */
export interface IndexInfo {
  /** The name of its file. */
  id: string;
  /** As readers see it. */
  title: string;
  /** What it measures. */
  description: string;
  /** The method it follows, and who published it. */
  source: string;
  /** How indicators become comparable, unless they say otherwise. */
  normalisation: Normalisation;
  /** The top of normalised values: 10 or 100. */
  scale: number;
  /** How indicators become a component's score, unless the component says otherwise. */
  within_components: Aggregation;
  /** How components become the score. */
  aggregation: Aggregation;
  /** What happens to missing values. */
  missing: "error" | "reweight" | "impute";
  /** The column whose classes give the medians that gaps are filled with. */
  impute_by: string | null;
  /** The rank of equal scores. */
  ties: "min" | "average" | "code";
  /** Indicators that the method calls for and the open data lack. */
  absent: AbsentIndicator[];
  /** The source of the outcome that the weights were fitted to. */
  fitted_to: string | null;
  /** What `chance_worst_tenth` is the chance of: the outcome, in words; null where that was not worked out. */
  chance_of: string | null;
  /** What it is made from. */
  components: Component[];
}

export type Normalisation = "min-max" | "percentile" | "z-score" | "rank-exponential";

export type Aggregation = "arithmetic" | "geometric" | "weighted-sum";

/** An indicator that the method calls for and the open data lack. */
export interface AbsentIndicator {
  /** As readers see it. */
  title: string;
  /** The component it belongs to. */
  component: string;
  /** The weight it would have. */
  weight: number;
  /** Why it is absent. */
  why: string;
}

/** A named group of indicators, aggregated before the components are. */
export interface Component {
  /** Short name, as columns have it. */
  name: string;
  /** As readers see it. */
  title: string;
  /** Within the index. */
  weight: number;
  /** Why it belongs to digital exclusion. */
  why: string;
  /** The column of the table with the component's score, 0 to 100. */
  column: string;
  /** How its indicators become one score; the default of the index where the component declares none. */
  aggregation: Aggregation;
  /** What it is made from. */
  indicators: Indicator[];
}

/** One column that a component is made from. */
export interface Indicator {
  /** A column of the table. */
  column: string;
  /** 1: a higher value means more risk; -1: less. */
  direction: 1 | -1;
  /** Within its component. */
  weight: number;
  /** What it represents. */
  why: string;
  /** How its values become comparable; the default of the index where the indicator declares none. */
  normalisation: Normalisation;
  /** Why it counts the other way round than its column's meaning asks for; null where it does not. */
  against_meaning: string | null;
}
