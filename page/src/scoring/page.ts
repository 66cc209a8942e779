/** What every part of the page works with: the data, what is chosen, and what follows from both. */
import { Areas } from "../model/areas";
import type { AtlasData } from "../model/contract";
import { firstLayer } from "../model/data";
import { FilterWords } from "../model/filter-words";
import type { Geometry } from "../model/geometry";
import { Identities } from "../model/identity";
import { Levels } from "../model/levels";
import { Store } from "../model/store";
import type { Table } from "../model/table";
import { Values } from "../model/values";
import { Scorer } from "./score";
import { Showing } from "./showing";
import { keptTotal } from "./weights";

export interface Page {
  data: AtlasData;
  table: Table;
  geometry: Geometry;
  areas: Areas;
  identities: Identities;
  levels: Levels;
  values: Values;
  filterWords: FilterWords;
  scorer: Scorer;
  store: Store;
  showing: Showing;
}

export function pageOf(data: AtlasData, table: Table, geometry: Geometry): Page {
  const areas = new Areas(table);
  const identities = new Identities(table);
  const levels = new Levels(table, identities, data.parts);
  const values = new Values(data, table);
  const filterWords = new FilterWords(data, table, identities);
  const scorer = new Scorer(data.index, table.published(), data.nation, data.reference);
  const store = new Store(table, firstLayer(data).id, ({ weights, reference }, among) => scorer.score(keptTotal(data.index, weights), reference, among));
  const showing = new Showing({ data, table, areas, values, filterWords, store, levels });
  return { data, table, geometry, areas, identities, levels, values, filterWords, scorer, store, showing };
}
