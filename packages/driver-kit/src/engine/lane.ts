/** Runs operations one after the other, in the order in which they were asked for. A failed one does not stop the next. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs the operation when all earlier ones have settled, and settles as it does. */
  run<Result>(operation: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(operation)
    this.#last = result.catch(() => undefined)
    return result
  }
}
