/** How long one thing took, in milliseconds for one call. */
export interface Timing {
  readonly name: string
  readonly minMs: number
  readonly medianMs: number
  readonly p99Ms: number
  /** How many samples the numbers come from. */
  readonly samples: number
}

/** A bound, and whether this run is within it. */
export interface Verdict {
  /** What the value is, in words: `median of safeParse / median of TypeBox Check`. */
  readonly claim: string
  readonly value: number
  readonly unit: '×' | 'ms' | 'MiB' | 'changes'
  /** The bound in words: `at most 3 ×`. */
  readonly target: string
  readonly met: boolean
}

/** Timings of one run that belong together, and what they say. */
export interface Comparison {
  readonly title: string
  readonly timings: readonly Timing[]
  readonly verdicts: readonly Verdict[]
}

/** Benchmarks of one package or one concern. */
export interface Suite {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string
  run(): Promise<readonly Comparison[]>
}

/** How many times the baseline the subject may take. */
export function slowerAtMost(subject: Timing, baseline: Timing, factor: number): Verdict {
  const value = subject.medianMs / baseline.medianMs
  const claim = `${subject.name} takes this many times ${baseline.name}`
  return { claim, value, unit: '×', target: `at most ${factor} ×`, met: value <= factor }
}

/** How many times faster than the baseline the subject has to be. */
export function fasterAtLeast(subject: Timing, baseline: Timing, factor: number): Verdict {
  const value = baseline.medianMs / subject.medianMs
  const claim = `${subject.name} is this many times faster than ${baseline.name}`
  return { claim, value, unit: '×', target: `at least ${factor} ×`, met: value >= factor }
}

/** A bound on one figure of a timing itself. */
export function below(timing: Timing, figure: 'medianMs' | 'p99Ms', limitMs: number): Verdict {
  const value = timing[figure]
  const claim = `${figure === 'p99Ms' ? 'p99' : 'median'} of ${timing.name}`
  return { claim, value, unit: 'ms', target: `below ${limitMs} ms`, met: value < limitMs }
}

/** A bound on a figure that is no timing, such as memory. */
export function atMost(claim: string, value: number, unit: 'ms' | 'MiB' | 'changes', limit: number): Verdict {
  return { claim, value, unit, target: `at most ${limit} ${unit}`, met: value <= limit }
}
