const waiting = new Map<string, Promise<unknown>>()

/** Runs work on a file after all other work on it in this process, also that of other clients. */
export function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = waiting.get(path) ?? Promise.resolve()
  const result = before.then(work, work)
  const settled = result
    .catch(() => undefined)
    .then(() => {
      if (waiting.get(path) === settled) waiting.delete(path)
    })
  waiting.set(path, settled)
  return result
}
