import type { TransferListener } from '@openshell-ts/sdk'
import { SingleBar } from 'cli-progress'
import prettyBytes from 'pretty-bytes'
import type { Report } from './report.js'
import type { Output } from './surroundings.js'

const WITH_TOTAL = '[{bar}] {percentage}% {value} of {total} {path}'
const WITHOUT_TOTAL = '{value} {path}'

/** The bar of a transfer. */
export interface TransferBar extends Disposable {
  readonly onProgress: TransferListener
}

/**
 * A bar that appears with the first bytes: with a percentage where the size is known beforehand. Where there is no terminal it is a
 * line every two seconds, and with `--json` there is none.
 */
export function openTransferBar(stream: Output, { json }: Pick<Report, 'json'>): TransferBar {
  let bar: SingleBar | undefined
  const start = (totalBytes: number | undefined, path: string) => {
    bar = new SingleBar({
      stream,
      format: totalBytes === undefined ? WITHOUT_TOTAL : WITH_TOTAL,
      formatValue: (value, _, type) => (type === 'value' || type === 'total' ? prettyBytes(value) : String(value)),
      noTTYOutput: true,
      // Its last line is one already where there is no terminal.
      clearOnComplete: !stream.isTTY,
    })
    bar.start(totalBytes ?? 0, 0, { path })
    return bar
  }
  return {
    onProgress({ bytes, totalBytes, path }) {
      if (json) return
      const started = bar ?? start(totalBytes, path)
      started.update(bytes, { path })
    },
    [Symbol.dispose]: () => bar?.stop(),
  }
}
