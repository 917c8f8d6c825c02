import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** Moves bytes both ways with backpressure. An end goes on to the other stream; a broken stream breaks the other, a socket by a reset. */
export function joinStreams(first: Duplex, second: Duplex): void {
  forward(first, second)
  forward(second, first)
}

function forward(source: Duplex, sink: Duplex): void {
  source.pipe(sink)
  source.once('close', () => {
    if (!source.readableEnded || !source.writableFinished) cut(sink)
  })
}

// Whoever has half-closed a connection already notices nothing but a reset.
function cut(stream: Duplex): void {
  if (stream instanceof Socket && !stream.destroyed) stream.resetAndDestroy()
  else stream.destroy()
}
