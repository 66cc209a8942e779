/** A made-up programme. */
import type { Programme } from "../src/model/contract";

export function programme(order: number, more: Partial<Programme> = {}): Programme {
  return {
    order,
    name: `Place ${order}`,
    kind: null,
    people: 1234 / order,
    helped: 123,
    areas: [order, order + 1],
    main_driver: "Age",
    host: "Harbour Library",
    host_kind: "public library",
    host_metres: 1640,
    what_helps: "Sessions over tea",
    help_source: "A charity",
    cost_low: 9_600,
    cost: 26_075,
    cost_high: 49_620,
    ...more,
  };
}
