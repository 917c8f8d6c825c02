import type { InputQueue } from './input-queue.js'

/** Sends pieces to a command until they end or the command takes no more. Rejects with what the source throws. */
export async function feedInput(pieces: AsyncIterable<Uint8Array>, inputs: InputQueue): Promise<void> {
  const source = pieces[Symbol.asyncIterator]()
  try {
    for (;;) {
      // A source may never say another word; the end of the command must not wait for it.
      const next = await whileOpen(source.next(), inputs.closed)
      if (!next) return
      if (next.done) return inputs.end()
      await inputs.write(next.value).catch(() => undefined)
    }
  } finally {
    void Promise.resolve(source.return?.()).catch(() => undefined)
  }
}

// Not a race with one promise for all pieces: it would hold on to each of them until the end.
function whileOpen<T>(waiting: Promise<T>, closed: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined)
    if (closed.aborted) stop()
    else closed.addEventListener('abort', stop, { once: true })
    waiting.finally(() => closed.removeEventListener('abort', stop)).then(resolve, reject)
  })
}
