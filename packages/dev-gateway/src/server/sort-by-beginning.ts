import type { Socket } from 'node:net'

// How long a connection may keep to itself what it speaks, in milliseconds.
const silenceMs = 30_000

/**
 * Tells whether a connection begins with some bytes as soon as that can be told, and leaves it as if nobody had read from it. One that
 * says nothing for half a minute, or ends before it can be told, is closed.
 */
export function sortByBeginning(socket: Socket, expected: string, take: (isExpected: boolean) => void): void {
  let beginning = Buffer.alloc(0)
  const cut = () => socket.destroy()
  socket.setTimeout(silenceMs, cut)
  socket.on('data', function hear(chunk: Buffer) {
    beginning = Buffer.concat([beginning, chunk])
    const text = beginning.toString('latin1', 0, expected.length)
    if (text.length < expected.length && expected.startsWith(text)) return
    socket.off('data', hear).off('end', endEarly).pause()
    socket.setTimeout(0).off('timeout', cut)
    socket.unshift(beginning)
    take(text === expected)
  })
  // It may have been sorted before.
  socket.resume()
  // One that ends before it has said anything wants nothing.
  socket.once('end', endEarly)
  function endEarly() {
    socket.destroy()
  }
}
