import type { TransferResult } from '@openshell-ts/sdk'
import prettyBytes from 'pretty-bytes'

/** What was copied, for people. */
export function describeTransfer({ files, bytes, path, skipped }: TransferResult): string {
  const lines = [`${files} ${files === 1 ? 'file' : 'files'}, ${prettyBytes(bytes)}, in ${path}`]
  return [...lines, ...skipped.map((file) => `left out ${file.path}: ${file.reason}`)].join('\n')
}
