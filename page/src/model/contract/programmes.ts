/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */

/** Programmes of the area, and what money reaches. */
export interface ProgrammesInfo {
  /** In order. */
  programmes: Programme[];
  /** Areas on the list that are in none. */
  too_small: TooSmall[];
  /** People at risk that a programme has at least, */
  least_people: number;
  /** and at most. */
  most_people: number;
  /** How far its neighbourhoods may lie from its centre. */
  reach_metres: number;
  /** The share of the people at risk whom a programme works with in a year: a decision. */
  helped_share: number;
  /** What outline costs are made of. */
  costs: CostInfo[];
  /** What the declared budgets reach. */
  curve: BudgetPoint[];
  /** `null` where nobody asked for one. */
  plan: PlanInfo | null;
}

/** Neighbourhoods on the list that touch and are of one kind. */
export interface Programme {
  /** Counted from 1; the largest unmet need first. */
  order: number;
  /** After its places and the nearest town. */
  name: string;
  /** The kind of exclusion; `null` where kinds are not told apart. */
  kind: string | null;
  /** People at risk in its neighbourhoods; with decimals, as programmes are chosen by it. */
  people: number;
  /** People whom it works with in a year. */
  helped: number;
  /** Its neighbourhoods, as rows of the table. */
  areas: number[];
  /** What drives the risk of most of its people: the title of a component. */
  main_driver: string | null;
  /** The nearest support place. */
  host: string | null;
  /** What kind of place that is. */
  host_kind: string | null;
  /** From the mean point of its people, in a straight line. */
  host_metres: number | null;
  /** What usually helps with the main driver. */
  what_helps: string | null;
  /** Who says so. */
  help_source: string | null;
  /** Pounds in a year, all prices low. */
  cost_low: number;
  /** Central prices; with pence, as programmes are chosen by it. */
  cost: number;
  /** All prices high. */
  cost_high: number;
}

/** An area on the list that is too small for a programme alone. */
export interface TooSmall {
  /** As a row of the table. */
  area: number;
  /** The `order` of the nearest programme; `null` where there is none. */
  nearest: number | null;
  /** To the mean point of its people. */
  metres: number | null;
}

/** One thing that a programme pays for. */
export interface CostInfo {
  /** In words. */
  what: string;
  /** Paid once, or for each person helped who needs it. */
  per: "programme" | "person";
  /** The share of the people helped who need it, where no kind says otherwise. */
  share: number;
  /** The same by kind of exclusion. */
  share_by_kind: Record<string, number>;
  /** The lowest price. */
  low: PriceInfo;
  /** The price that plans are made by. */
  central: PriceInfo;
  /** The highest price. */
  high: PriceInfo;
  /** What else is published; may be empty. */
  note: string;
}

/** An assumed price and who says so. */
export interface PriceInfo {
  /** In pounds. */
  value: number;
  /** Of the prices. */
  year: number;
  /** Who says so; "assumption, no source" where nobody does. */
  source: string;
  /** The web address where they say it. */
  page: string | null;
}

/** The best choice of programmes, and sites, for a sum. */
export interface BudgetPoint {
  /** Pounds in a year. */
  budget: number;
  /** How many. */
  chosen: number;
  /** People at risk whom they reach. */
  people: number;
  /** Pounds in a year, all prices low. */
  cost_low: number;
  /** Central prices. */
  cost: number;
  /** All prices high. */
  cost_high: number;
}

/** What somebody asked for: the best use of a budget. */
export interface PlanInfo {
  /** Pounds in a year. */
  budget: number;
  /** People at risk whom it reaches. */
  people: number;
  /** Of all together, all prices low. */
  cost_low: number;
  /** Central prices. */
  cost: number;
  /** All prices high. */
  cost_high: number;
  /** How many more the best possible plan could reach, as a share; 0: none reaches more. */
  gap: number;
  /** How many candidate sites there were to choose from, beside the programmes. */
  candidates: number;
  /** The one that reaches most people first. */
  chosen: PlannedThing[];
  /** What smaller and larger budgets reach. */
  curve: BudgetPoint[];
}

/** A programme or site of a plan. */
export interface PlannedThing {
  /** What it is. */
  sort: "programme" | "site";
  /** As in its table or file. */
  name: string;
  /** The `order` of the programme; `null` for a site. */
  programme: number | null;
  /** People at risk whom it reaches and none before it does. */
  people: number;
  /** Pounds in a year, all prices low. */
  cost_low: number;
  /** Central prices. */
  cost: number;
  /** All prices high. */
  cost_high: number;
}
