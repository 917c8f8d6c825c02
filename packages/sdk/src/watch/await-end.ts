// A gateway ends a stream right after the state that it was asked to stop at.
const LIMIT_MS = 1_000

/**
 * Reads a stream to the end that the gateway is about to give it, and drops what still comes. Servers cut a connection over which many
 * streams are cancelled, so that a stream that ends by itself is left to. When it does not, `cancel` is called.
 */
export async function awaitEnd(stream: AsyncIterator<unknown>, cancel: () => void): Promise<void> {
  const timer = setTimeout(cancel, LIMIT_MS)
  try {
    for (let next = await stream.next(); !next.done; next = await stream.next());
  } catch {
    // What was waited for has been read; how the stream ends after it does not matter.
  } finally {
    clearTimeout(timer)
  }
}
