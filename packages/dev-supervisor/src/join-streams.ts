import type { Duplex } from 'node:stream'

/** Moves bytes both ways with backpressure. An end goes on to the other stream; a broken stream breaks the other. */
export function joinStreams(first: Duplex, second: Duplex): void {
  forward(first, second)
  forward(second, first)
}

function forward(source: Duplex, sink: Duplex): void {
  source.pipe(sink)
  source.once('close', () => {
    if (!source.readableEnded || !sink.writableEnded) sink.destroy()
  })
}
