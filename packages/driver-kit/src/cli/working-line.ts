/** Takes the line of a terminal away. */
export const clearLine = '\r\u001b[K'

/** Shows a line on a terminal while something runs that may take long; nothing anywhere else, so that logs stay short. */
export function withWorkingLine<Result>(text: string, work: () => Result): Result {
  const { stderr } = process
  if (!stderr.isTTY) return work()
  stderr.write(text)
  try {
    return work()
  } finally {
    stderr.write(clearLine)
  }
}
