/** The rejections that nobody handled after a call. */
export async function unhandledRejections(call: () => unknown): Promise<unknown[]> {
  const unhandled: unknown[] = []
  const collect = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', collect)
  call()
  // Node reports them once the tasks of this turn are done.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', collect)
  return unhandled
}
