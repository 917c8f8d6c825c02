import type { StepFacts, StepOutput, StoryOutput } from './story-output.js'

/** What a step hands on: facts for programs, and a result for later steps. */
export interface StepResult<T> {
  readonly facts: StepFacts
  readonly result: T
}

/** Runs steps one after the other, and tells about each. */
export class StepRunner {
  readonly #output: StoryOutput
  readonly #signal: AbortSignal

  constructor(output: StoryOutput, signal: AbortSignal) {
    this.#output = output
    this.#signal = signal
  }

  /** Runs one step, unless the story is to end; returns its result. */
  async run<T>(name: string, title: string, body: (output: StepOutput) => Promise<StepResult<T>>): Promise<T> {
    this.#signal.throwIfAborted()
    const start = performance.now()
    const { facts, result } = await body(this.#output.begin(title))
    this.#output.end(name, facts, performance.now() - start)
    return result
  }
}
