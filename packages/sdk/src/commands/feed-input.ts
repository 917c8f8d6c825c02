import type { InputQueue } from './input-queue.js'

/** Sends pieces to a command until they end or the command takes no more. Rejects with what the source throws. */
export async function feedInput(pieces: AsyncIterable<Uint8Array>, inputs: InputQueue): Promise<void> {
  const source = pieces[Symbol.asyncIterator]()
  try {
    for (;;) {
      // A source may never say another word; the end of the command must not wait for it.
      const next = await Promise.race([source.next(), inputs.closed])
      if (next === undefined) return
      if (next.done) return inputs.end()
      await inputs.write(next.value).catch(() => undefined)
    }
  } finally {
    void Promise.resolve(source.return?.()).catch(() => undefined)
  }
}
