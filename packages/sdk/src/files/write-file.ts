import { toBytes } from '../checks/to-bytes.js'
import { fileError } from './file-error.js'
import type { FileContent } from './file-options.js'
import type { FileStore } from './file-store.js'
import { partPath } from './remote-path.js'
import type { ProgressMeter } from './transfer-progress.js'

const DEFAULT_MODE = 0o644

/** What writing needs to know. */
export interface WriteFileOptions {
  /** Absent: that of the file that is replaced. */
  readonly mode: number | undefined
  readonly meter: ProgressMeter
  readonly signal: AbortSignal
}

/**
 * Replaces a file in one step: readers see the old content or the new, never a part of it. A link that is there is followed. Nothing
 * is left behind on a failure, as far as the sandbox can still be reached.
 */
export async function writeFile(
  store: FileStore,
  path: string,
  content: AsyncIterable<Uint8Array>,
  { mode, meter, signal }: WriteFileOptions,
): Promise<void> {
  const present = await store.stat(path)
  if (present?.type === 'directory') throw fileError('EISDIR', path, '')
  if (present?.type === 'other')
    throw fileError('', path, 'it is a device, a socket or a pipe, which cannot be replaced')
  const target = present ? await store.realPath(path) : path
  const part = partPath(target)
  try {
    await store.write(part, meter.count(content), mode ?? present?.mode ?? DEFAULT_MODE, signal)
    const written = await store.stat(part)
    if (written?.sizeBytes !== meter.bytes) {
      throw fileError('', path, `only ${written?.sizeBytes ?? 0} of ${meter.bytes} bytes have arrived`)
    }
    signal.throwIfAborted()
    await store.replace(part, target)
  } catch (error) {
    await store.removeFile(part).catch(() => undefined)
    throw error
  }
}

/** Everything as bytes. */
export async function* toChunks(content: FileContent): AsyncGenerator<Uint8Array, void> {
  const source = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
  for await (const piece of source) yield toBytes('files.write', 'content', piece)
}
