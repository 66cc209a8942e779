/** The choice that is worth most within a sum: the 0–1 knapsack, solved exactly. */

export interface Item {
  cost: number;
  value: number;
}

/** A choice of items, as what was done to the choice before it. */
interface State {
  cost: number;
  value: number;
  changed: number;
  before: State | null;
}

/**
 * Positions of the items that together are worth most and cost no more than `sum`, in ascending order.
 *
 * Costs and values are whole numbers from 0. Items are sorted by value for cost; from the choice of the first that fit,
 * those around the first that does not are taken in or out one by one, and of all choices so far only those are kept
 * that no other beats in both, and that could still exceed the best (Pisinger 1997, A minimal algorithm for the 0–1
 * knapsack problem, Operations Research 45(5), 758–767). Among equal choices the same one is always found.
 */
export function choose(items: readonly Item[], sum: number): number[] {
  const free = items.flatMap(({ cost, value }, at) => (cost === 0 && value > 0 ? [at] : []));
  const order = items
    .flatMap(({ cost, value }, at) => (cost > 0 && cost <= sum && value > 0 ? [at] : []))
    .sort((a, b) => items[b].value * items[a].cost - items[a].value * items[b].cost || a - b);
  const sorted = order.map((at) => items[at]);
  let first = 0;
  let start: State = { cost: 0, value: 0, changed: -1, before: null };
  while (first < sorted.length && start.cost + sorted[first].cost <= sum) {
    start = { ...start, cost: start.cost + sorted[first].cost, value: start.value + sorted[first].value };
    first++;
  }
  const best = search(sorted, sum, first, start);
  const taken = new Set(order.slice(0, first));
  let state = best;
  while (state.before) {
    const at = order[state.changed];
    if (!taken.delete(at)) taken.add(at);
    state = state.before;
  }
  return [...free, ...taken].sort((a, b) => a - b);
}

function search(sorted: readonly Item[], sum: number, first: number, start: State): State {
  let states = [start];
  let best = start;
  let [left, right] = [first - 1, first];
  while (states.length && (left >= 0 || right < sorted.length)) {
    if (right < sorted.length) {
      states = merged(states, sorted[right], right, 1);
      right++;
    } else {
      states = merged(states, sorted[left], left, -1);
      left--;
    }
    best = better(states, best, sum);
    states = promising(states, { sum, best, out: sorted[left], into: sorted[right] });
    if (left >= 0 && states.length) {
      states = merged(states, sorted[left], left, -1);
      left--;
      best = better(states, best, sum);
      states = promising(states, { sum, best, out: sorted[left], into: sorted[right] });
    }
  }
  return best;
}

/** The choices with and without a change, by rising cost; of those that cost as much or more, only the ones worth more. */
function merged(states: readonly State[], { cost, value }: Item, changed: number, sign: 1 | -1): State[] {
  const others = states.map((state): State => ({ cost: state.cost + sign * cost, value: state.value + sign * value, changed, before: state }));
  const kept: State[] = [];
  let [a, b] = [0, 0];
  while (a < states.length || b < others.length) {
    const next = b === others.length || (a < states.length && before(states[a], others[b])) ? states[a++] : others[b++];
    if (!kept.length || next.value > kept[kept.length - 1].value) kept.push(next);
  }
  return kept;
}

function before(one: State, other: State): boolean {
  return one.cost < other.cost || (one.cost === other.cost && one.value >= other.value);
}

function better(states: readonly State[], best: State, sum: number): State {
  return states.reduce(
    (most, state) => (state.cost <= sum && (state.value > most.value || (state.value === most.value && state.cost < most.cost)) ? state : most),
    best,
  );
}

/** Those that could still exceed the best if the next items could be divided. */
function promising(states: readonly State[], { sum, best, out, into }: { sum: number; best: State; out: Item | undefined; into: Item | undefined }): State[] {
  return states.filter(({ cost, value }) => {
    const room = sum - cost;
    if (room >= 0) return value + (into ? (room * into.value) / into.cost : 0) >= best.value + 1 - 1e-6;
    return out !== undefined && value + (room * out.value) / out.cost >= best.value + 1 - 1e-6;
  });
}
