/** The index with other weights as a file that the pipeline reads: `declared/indices/<id>.toml`. */
import type { IndexInfo, Indicator } from "./contract";

export interface IndexFile {
  name: string;
  text: string;
}

/** Where and when a file was made. */
export interface Made {
  /** Of the page. */
  title: string;
  /** When the page was built. */
  built: string;
  on: Date;
}

/** Why the index cannot be written as a file; null where it can. */
export function unfiled(index: IndexInfo): string | null {
  return index.missing === "impute" && !index.impute_by
    ? "This index cannot be saved from here: the page does not say from which areas its gaps are filled."
    : null;
}

/** The index with `weights` for its components, in their order; components of weight 0 are left out. */
export function indexFile(index: IndexInfo, weights: readonly number[], made: Made): IndexFile {
  const components = index.components.map((component, i) => ({ ...component, weight: weights[i] }));
  const out = components.filter(({ weight }) => !(weight > 0)).map(({ name }) => name);
  const lines = [
    comment(`Made on the page "${made.title}" (built ${made.built}) on ${made.on.toISOString().slice(0, 10)}:`),
    comment(`the index "${index.id}" with the weights of its components changed by hand.`),
    ...(out.length ? [comment(`Left out, because their weight was 0: ${out.join(", ")}.`)] : []),
    comment(`To use it, put it into declared/indices and name "${index.id}-changed" as the index of an area.`),
    "",
    `title = ${text(`${index.title} (changed weights)`)}`,
    `description = ${text(index.description.trim() ? index.description : index.title)}`,
    `source = ${text(index.source.trim() ? index.source : `The index ${index.id}`)}`,
    `normalisation = ${text(index.normalisation)}`,
    `scale = ${index.scale}`,
    `within_components = ${text(index.within_components)}`,
    `aggregation = ${text(index.aggregation)}`,
    `missing = ${text(index.missing)}`,
    ...(index.missing === "impute" && index.impute_by ? [`impute_by = ${text(index.impute_by)}`] : []),
    `ties = ${text(index.ties)}`,
  ];
  for (const component of components) {
    if (out.includes(component.name)) continue;
    lines.push(
      "",
      "[[components]]",
      `name = ${text(component.name)}`,
      `title = ${text(component.title)}`,
      `weight = ${component.weight}`,
      ...(component.why ? [`why = ${text(component.why)}`] : []),
      ...(component.aggregation === index.within_components ? [] : [`aggregation = ${text(component.aggregation)}`]),
      "indicators = [",
      ...component.indicators.map((indicator) => `    ${inline(indicator, index)},`),
      "]",
    );
  }
  for (const absent of index.absent) {
    lines.push(
      "",
      "[[absent]]",
      `title = ${text(absent.title)}`,
      `component = ${text(absent.component)}`,
      `weight = ${absent.weight}`,
      `why = ${text(absent.why)}`,
    );
  }
  const id = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(index.id) ? index.id : "index";
  return { name: `${id}-changed.toml`, text: `${lines.join("\n")}\n` };
}

function inline({ column, direction, weight, normalisation, why, against_meaning: against }: Indicator, index: IndexInfo): string {
  const keys = [`column = ${text(column)}`, `direction = ${direction}`, `weight = ${weight}`];
  if (normalisation !== index.normalisation) keys.push(`normalisation = ${text(normalisation)}`);
  if (why) keys.push(`why = ${text(why)}`);
  if (against) keys.push(`against_meaning = ${text(against)}`);
  return `{ ${keys.join(", ")} }`;
}

/** Control characters, and those that turn the direction of text, which would make a file read other than it is. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Halves of characters, which no file can hold. */
const HALVES = /\p{Cs}/gu;

/** A basic string of TOML. */
function text(value: string): string {
  const escaped = value
    .replace(HALVES, "\ufffd")
    .replace(/["\\]/g, "\\$&")
    .replace(UNSEEN, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
    });
  return `"${escaped}"`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).toUpperCase().padStart(digits, "0");
}

function comment(value: string): string {
  return `# ${value.replace(HALVES, "\ufffd").replace(UNSEEN, " ")}`;
}
