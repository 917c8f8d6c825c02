/** How many bytes one request carries: what ssh2 sends in one to every server. */
export const PIECE_BYTES = 31 * 1024
// Requests on their way at a time: enough to fill a connection, and all that is held in memory.
const REQUESTS = 32
// A small file is not worth many.
const FIRST_REQUESTS = 2

/** Reads a file to its end with several requests on their way. A slow reader stops the asking. */
export async function* readAhead(
  read: (position: number, buffer: Buffer) => Promise<number>,
): AsyncGenerator<Uint8Array, void> {
  const pending: { readonly position: number; readonly buffer: Buffer; readonly count: Promise<number> }[] = []
  let asked = 0
  const ask = () => {
    const buffer = Buffer.allocUnsafe(PIECE_BYTES)
    const count = read(asked, buffer)
    count.catch(() => undefined)
    pending.push({ position: asked, buffer, count })
    asked += PIECE_BYTES
  }
  for (let ahead = FIRST_REQUESTS; ; ahead = Math.min(REQUESTS, ahead * 2)) {
    while (pending.length < ahead) ask()
    const next = pending.shift()
    if (!next) return
    let filled = await next.count
    if (filled === 0) return
    // A server may answer with less than it was asked for, also in the middle of a file.
    while (filled < PIECE_BYTES) {
      const rest = next.buffer.subarray(filled)
      const more = await read(next.position + filled, rest)
      if (more === 0) break
      filled += more
    }
    yield new Uint8Array(next.buffer.buffer, next.buffer.byteOffset, filled)
    if (filled < PIECE_BYTES) return
  }
}

/** Writes data from the start of a file with several requests on their way. A slow server stops the reading of the data. */
export async function writeBehind(
  data: AsyncIterable<Uint8Array>,
  write: (position: number, bytes: Buffer) => Promise<void>,
): Promise<void> {
  const pending: Promise<void>[] = []
  let position = 0
  for await (const chunk of data) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      if (pending.length >= REQUESTS) await pending.shift()
      const piece = bytes.subarray(start, start + PIECE_BYTES)
      const written = write(position, piece)
      written.catch(() => undefined)
      pending.push(written)
      position += piece.length
    }
  }
  await Promise.all(pending)
}
