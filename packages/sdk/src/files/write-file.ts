import { chunk } from '../checks/option-shapes.js'
import { OpenShellError } from '../errors/openshell-error.js'
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
  for await (const each of source) {
    // What an iterable gives shows when it is read.
    if (!chunk.fits(each)) throw noChunk()
    yield typeof each === 'string' ? new TextEncoder().encode(each) : each
  }
}

function noChunk(): OpenShellError {
  const description = `must give what can be written: each ${chunk.must.replace(/^be /, 'is ')}`
  return new OpenShellError({
    kind: 'invalid-argument',
    message: `files.write: content ${description}.`,
    hint: 'The file in the sandbox is as it was.',
    violations: [{ field: 'content', description, reason: 'TYPE_MISMATCH' }],
  })
}
