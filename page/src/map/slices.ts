/** Long work done in slices, so that the page answers in between. A job yields wherever it may be interrupted. */

/** Yielded where the browser has work left over from this slice, such as lines that it draws once the slice is over. */
export const REST = Symbol("rest");

export type Steps<Result> = Generator<typeof REST | undefined, Result>;
export type Job = Steps<void>;

/** Milliseconds of work at a time. */
const SLICE = 9;

export class Slices {
  readonly #channel = new MessageChannel();
  #job: Job | null = null;
  #posted = false;

  constructor() {
    this.#channel.port1.onmessage = () => {
      this.#posted = false;
      this.#work(performance.now() + SLICE);
    };
  }

  get busy(): boolean {
    return this.#job !== null;
  }

  /** Takes the place of any job before it. */
  start(job: Job): void {
    this.#job = job;
    this.#post();
  }

  stop(): void {
    this.#job = null;
  }

  /** Does all that is left at once. */
  finish(): void {
    this.#work(Infinity);
  }

  #post(): void {
    if (this.#posted) return;
    this.#posted = true;
    this.#channel.port2.postMessage(null);
  }

  #work(until: number): void {
    while (this.#job) {
      const job = this.#job;
      const { done, value } = job.next();
      // The job itself may have started another.
      if (done && this.#job === job) this.#job = null;
      if (performance.now() >= until || (value === REST && until < Infinity)) break;
    }
    if (this.#job) this.#post();
  }
}

/** What a job gives, all of it done at once. */
export function finished<Result>(steps: Steps<Result>): Result {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}
