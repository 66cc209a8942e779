/** What the page carries. Made from `pipeline/atlas/contract/` by `python -m pipeline contract`. */

export type Span = [number, number];
