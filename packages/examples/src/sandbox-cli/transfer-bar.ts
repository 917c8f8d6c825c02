import type { TransferListener, TransferProgress } from '@openshell-ts/sdk'
import { SingleBar } from 'cli-progress'
import prettyBytes from 'pretty-bytes'
import type { Report } from './report.js'
import type { Output } from './surroundings.js'

const WITH_TOTAL = '[{bar}] {percentage}% {value} of {total} {path}'
const WITH_FILES = '[{bar}] {percentage}% {value} of {total}, file {file} of {totalFiles} {path}'
const WITHOUT_TOTAL = '{value} {path}'

/** The bar of a transfer. */
export interface TransferBar extends Disposable {
  readonly onProgress: TransferListener
}

/**
 * A bar that appears with the first bytes: with a percentage where the size is known beforehand, and for a folder with the number of the
 * file. Where there is no terminal it is a line every two seconds, and with `--json` there is none.
 */
export function openTransferBar(stream: Output, { json }: Pick<Report, 'json'>): TransferBar {
  let bar: SingleBar | undefined
  const start = ({ totalBytes, totalFiles = 1 }: TransferProgress, payload: object) => {
    bar = new SingleBar({
      stream,
      format: totalBytes === undefined ? WITHOUT_TOTAL : totalFiles > 1 ? WITH_FILES : WITH_TOTAL,
      formatValue: (value, _, type) => (type === 'value' || type === 'total' ? prettyBytes(value) : String(value)),
      noTTYOutput: true,
      // Its last line is one already where there is no terminal.
      clearOnComplete: !stream.isTTY,
    })
    bar.start(totalBytes ?? 0, 0, payload)
    return bar
  }
  return {
    onProgress(progress) {
      if (json) return
      const { bytes, totalBytes, files: file, totalFiles, path } = progress
      const payload = { path, file, totalFiles }
      const started = bar ?? start(progress, payload)
      // A folder that grows has more than it had at first.
      if (totalBytes !== undefined) started.setTotal(totalBytes)
      started.update(bytes, payload)
    },
    [Symbol.dispose]: () => bar?.stop(),
  }
}
