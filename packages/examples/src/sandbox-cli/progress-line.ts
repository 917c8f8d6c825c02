import { SingleBar } from 'cli-progress'
import type { Report } from './report.js'
import type { Output } from './surroundings.js'

/** A line that says what is going on. On a terminal it changes in place; elsewhere each change is a line of its own. */
export interface ProgressLine extends Disposable {
  tell(text: string): void
}

/** Opens the line; `--json` has none. */
export function openProgressLine(stderr: Output, { json }: Pick<Report, 'json'>): ProgressLine {
  if (json) return { tell() {}, [Symbol.dispose]() {} }
  return stderr.isTTY ? terminalLine(stderr) : plainLines(stderr)
}

function terminalLine(stream: Output): ProgressLine {
  const bar = new SingleBar({
    stream,
    format: '{duration_formatted} {text}',
    clearOnComplete: true,
    // The clock goes on although nothing happens.
    forceRedraw: true,
  })
  bar.start(0, 0, { text: '' })
  return {
    tell: (text) => bar.update({ text }),
    [Symbol.dispose]: () => bar.stop(),
  }
}

function plainLines(stream: Output): ProgressLine {
  let last = ''
  return {
    tell(text) {
      if (text !== last) stream.write(`${text}\n`)
      last = text
    },
    [Symbol.dispose]() {},
  }
}
