import { once } from 'node:events'
import { posix } from 'node:path'
import { Readable } from 'node:stream'
import type { Headers, Pack } from 'tar-stream'
import { fileError } from './file-error.js'
import type { TreeEntry } from './file-store.js'

const MAX_HEADER_BYTES = 64 * 1024
const MAX_AHEAD_BYTES = 16 * 1024 * 1024

/** Writes an archive of what is in a tree. What the source throws ends it. */
export async function* packEntries(entries: AsyncIterable<TreeEntry>): AsyncGenerator<Uint8Array, void> {
  const { default: tar } = await import('tar-stream')
  const pack = tar.pack()
  let failure: unknown
  const filled = fill(pack, entries).catch((error: unknown) => {
    failure = error
    pack.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  try {
    for await (const chunk of pack) yield chunk as Uint8Array
    await filled
  } catch (error) {
    throw failure ?? error
  } finally {
    pack.destroy()
  }
}

async function fill(pack: Pack, entries: AsyncIterable<TreeEntry>): Promise<void> {
  const closed = new AbortController()
  pack.once('close', () => closed.abort())
  for await (const entry of entries) {
    if (entry.type === 'other') continue
    if (entry.type === 'file') await fillFile(pack, entry, closed.signal)
    else pack.entry(headerOf(entry))
    if (closed.signal.aborted) return
  }
  pack.finalize()
}

function headerOf(entry: Extract<TreeEntry, { type: 'directory' | 'symlink' }>): Headers {
  return entry.type === 'symlink'
    ? { name: entry.path, type: 'symlink', linkname: entry.target }
    : { name: `${entry.path}/`, type: 'directory', mode: entry.mode }
}

async function fillFile(
  pack: Pack,
  { path, mode, sizeBytes, content }: Extract<TreeEntry, { type: 'file' }>,
  closed: AbortSignal,
): Promise<void> {
  const sink = pack.entry({ name: path, type: 'file', mode, size: sizeBytes })
  // It ends with the error of the archive, which is told by that already.
  sink.on('error', () => undefined)
  // Not a race with one promise for all: it would hold on to each that has lost against nothing.
  const until = (event: string) => once(sink, event, { signal: closed }).catch(unlessAborted(closed))
  let written = 0
  for await (const chunk of content) {
    written += chunk.length
    if (written > sizeBytes) break
    if (!sink.write(chunk)) await until('drain')
    if (closed.aborted) return
  }
  if (written !== sizeBytes) throw fileError('', path, 'its size has changed while it was read')
  sink.end()
  await until('close')
}

function unlessAborted(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error
  }
}

/** Reads an archive that was made inside a folder. Its names come as they are; whoever writes them looks at them. */
export async function* unpackEntries(archive: AsyncIterable<Uint8Array>): AsyncGenerator<TreeEntry, void> {
  const { default: tar } = await import('tar-stream')
  const extract = tar.extract()
  const allowance = { bytes: MAX_AHEAD_BYTES }
  const source = Readable.from(withinAllowance(archive, allowance), { objectMode: false })
  source.on('error', (error) => extract.destroy(error))
  source.pipe(extract)
  try {
    for await (const entry of extract) {
      allowance.bytes += (entry.header.size ?? 0) + MAX_HEADER_BYTES
      const read = toEntry(entry.header, entry as AsyncIterable<Uint8Array>)
      if (read) yield read
      // What nobody has read is in the way of the next one.
      entry.resume()
    }
  } finally {
    source.destroy()
    extract.destroy()
  }
}

// What stands before an entry is kept until it is complete; an archive that never gets to one would fill the memory.
async function* withinAllowance(
  archive: AsyncIterable<Uint8Array>,
  allowance: { bytes: number },
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of archive) {
    allowance.bytes -= chunk.length
    if (allowance.bytes < 0) throw fileError('', '.', 'the archive of the folder holds too much that is no file')
    yield chunk
  }
}

function toEntry(header: Headers, content: AsyncIterable<Uint8Array>): TreeEntry | undefined {
  const path = header.name.replace(/^(\.\/)+/, '').replace(/\/$/, '')
  if (path === '' || path === '.') return undefined
  const mode = (header.mode ?? 0o644) & 0o7777
  switch (header.type) {
    case 'directory':
      return { type: 'directory', path, mode }
    case 'file':
    case 'contiguous-file':
      return { type: 'file', path, mode, sizeBytes: header.size ?? 0, content }
    case 'symlink':
      return { type: 'symlink', path, target: header.linkname ?? '' }
    case 'link': {
      // A second name of a file that the archive holds already.
      const first = (header.linkname ?? '').replace(/^(\.\/)+/, '')
      return { type: 'symlink', path, target: posix.relative(posix.dirname(path), first) }
    }
    default:
      return { type: 'other', path }
  }
}
