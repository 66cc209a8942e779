/** What changed since an earlier run, or between two releases, in words. */
import type { ChangedArea, ChangesInfo } from "./contract";
import { count, decimal } from "./format";

/** The heading of a comparison: "The run kept on 1 May 2026 compared with now (built 2026-11-27)". */
export function comparedInWords({ old, new: later }: Pick<ChangesInfo, "old" | "new">): string {
  return `Compared: ${old} with ${later}.`;
}

/** Those that entered or left the worst tenth; beyond their uncertainty, or all. */
export function crossedOf(areas: readonly ChangedArea[], crossed: "Entered" | "Left", beyond: boolean): ChangedArea[] {
  return areas.filter((area) => area.crossed === crossed && (area.moved || !beyond));
}

/** "Entered the worst tenth", "Moved" */
export function whatOf({ crossed, rank_old: old, rank_new: later }: ChangedArea): string {
  if (crossed) return crossed;
  return old === null || later === null || old === later ? "Moved" : later < old ? "Towards higher risk" : "Towards lower risk";
}

/** "Money: 12% then, 15% now"; the reason alone where it is no indicator. */
export function reasonOf({ reason, indicator, value_old: old, value_new: later }: ChangedArea): string {
  if (indicator === null) return reason ?? "Several things at once";
  return old === null || later === null ? indicator : `${indicator}: ${old} before, ${later} after`;
}

/** A rank in whole places, or half ones where it is shared. */
export function rankInWords(rank: number | null): string {
  if (rank === null) return "–";
  return Number.isInteger(rank) ? count(rank) : decimal(rank, 1);
}
