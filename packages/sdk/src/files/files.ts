import { posix } from 'node:path'
import type { RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { input } from '../checks/option-shapes.js'
import { requireArguments, requireNames } from '../checks/require-arguments.js'
import { OpenShellError } from '../errors/openshell-error.js'
import { download } from './download.js'
import { fileError } from './file-error.js'
import type { FileInfo } from './file-info.js'
import type {
  DownloadOptions,
  FileContent,
  FileReadOptions,
  FileWriteOptions,
  MakeDirectoryOptions,
  RemoveOptions,
  TransferResult,
  UploadOptions,
} from './file-options.js'
import type { FileStore } from './file-store.js'
import { makeFolders } from './make-folders.js'
import { checkRemotePath } from './remote-path.js'
import type { StoreAccess } from './shared-store.js'
import { ProgressMeter } from './transfer-progress.js'
import { upload } from './upload.js'
import { toChunks, writeFile } from './write-file.js'

const FOLDER_MODE = 0o755
const READ_OPTIONS = ['format', 'signal']

/**
 * The files of a sandbox that is ready. Relative paths start at its working directory. Failures are `FileError` with the path, and
 * kind `not-found`, `permission-denied`, `already-exists`, `resource-exhausted` (no space) or `failed-precondition`.
 *
 * They go over SFTP through the gateway; where the sandbox has no SFTP server, over its own sh, cat, tar and the like.
 */
export class Files {
  readonly #store: StoreAccess
  readonly #sandboxName: string

  /** @internal Comes with a `Sandbox`. */
  constructor(store: StoreAccess, sandboxName: string) {
    this.#store = store
    this.#sandboxName = sandboxName
  }

  /** Reads a file. With `stream`, nothing is asked for until it is read, reading slowly slows the sandbox, and leaving the loop ends it. */
  read(path: string, options: FileReadOptions & { readonly format: 'stream' }): AsyncGenerator<Uint8Array, void>
  read(path: string, options: FileReadOptions & { readonly format: 'text' }): Promise<string>
  read(path: string, options?: FileReadOptions & { readonly format?: 'bytes' }): Promise<Uint8Array>
  read(path: string, options: FileReadOptions = {}): AsyncGenerator<Uint8Array, void> | Promise<string | Uint8Array> {
    return options?.format === 'stream'
      ? this.#stream(path, checkOptions('files.read', options, READ_OPTIONS))
      : this.#readAll(path, options)
  }

  /**
   * Writes a file, and replaces one that is there in one step: nobody sees a part of it, and a failure leaves the old one. A link is
   * followed. The size is confirmed before it takes its place.
   */
  async write(path: string, content: FileContent, options: FileWriteOptions = {}): Promise<void> {
    checkOptions('files.write', options, ['mode', 'createParents', 'onProgress', 'signal'])
    requireArguments('files.write', { content: [content, input] })
    const meter = new ProgressMeter(options.onProgress, path, sizeOf(content))
    await this.#use(path, options, async (store, signal) => {
      if (options.createParents) await makeFolders(store, posix.dirname(path), FOLDER_MODE)
      await writeFile(store, path, toChunks(content), { mode: options.mode, meter, signal })
    })
    await meter.finish()
  }

  /** What is in a folder, by name. Links are not followed. */
  async list(path: string, options: RequestOptions = {}): Promise<readonly FileInfo[]> {
    checkOptions('files.list', options, ['signal'])
    return this.#use(path, options, async (store) => {
      const infos = await store.list(path)
      return infos.sort((one, other) => (one.name < other.name ? -1 : 1))
    })
  }

  /** What a path stands for, behind links; undefined when there is nothing. */
  async stat(path: string, options: RequestOptions = {}): Promise<FileInfo | undefined> {
    checkOptions('files.stat', options, ['signal'])
    return this.#use(path, options, (store) => store.stat(path))
  }

  /** Whether there is something, behind links. */
  async exists(path: string, options: RequestOptions = {}): Promise<boolean> {
    return (await this.stat(path, options)) !== undefined
  }

  /** Makes a folder. Throws kind `already-exists` when there is something, unless `recursive` finds a folder. */
  async mkdir(path: string, options: MakeDirectoryOptions = {}): Promise<void> {
    checkOptions('files.mkdir', options, ['recursive', 'mode', 'signal'])
    const { recursive = false, mode = FOLDER_MODE } = options
    return this.#use(path, options, (store) =>
      recursive ? makeFolders(store, posix.normalize(path), mode) : store.makeDirectory(path, mode),
    )
  }

  /**
   * Removes a file, a link or an empty folder; with `recursive`, a folder with all that is in it. Links are not followed. Names that are
   * no UTF-8 go too, by the sandbox's own rm; where that fails, the error has reason `NOT_UTF8` and says what remains.
   */
  async remove(path: string, options: RemoveOptions = {}): Promise<void> {
    checkOptions('files.remove', options, ['recursive', 'allowMissing', 'signal'])
    return this.#use(path, options, async (store) => {
      const info = await store.linkStat(path)
      if (!info && options.allowMissing) return
      if (!info) throw fileError('ENOENT', path, '')
      if (info.type !== 'directory') await store.removeFile(path)
      else if (options.recursive) await store.removeTree(path)
      else await store.removeDirectory(path)
    })
  }

  /** Renames, in one step, over a file that is there. Both paths lie in one file system. */
  async rename(from: string, to: string, options: RequestOptions = {}): Promise<void> {
    checkOptions('files.rename', options, ['signal'])
    checkRemotePath(to, 'to')
    return this.#use(from, options, (store) => store.replace(from, to))
  }

  /**
   * Copies a local file or folder into the sandbox. A file goes to the exact path, or into a folder when that ends with `/`. A folder
   * goes into the given one under its name; one that ends with `/` gives its content. What is there is kept or replaced file by file.
   * Everything arrives beside its place first, and a failure leaves nothing of it.
   */
  async upload(localPath: string, remotePath: string, options: UploadOptions = {}): Promise<TransferResult> {
    checkOptions('files.upload', options, ['allowOutside', 'onProgress', 'onUnreadable', 'signal'])
    requireNames('files.upload', { localPath })
    return this.#use(remotePath, options, (store, signal) =>
      upload(store, localPath, remotePath, { ...options, signal }),
    )
  }

  /**
   * Copies a file or folder of the sandbox to this machine, by the same rules as `upload`. Whatever the sandbox sends, nothing is
   * written outside the local folder, and through no link.
   */
  async download(remotePath: string, localPath: string, options: DownloadOptions = {}): Promise<TransferResult> {
    checkOptions('files.download', options, ['allowOutside', 'onProgress', 'onUnsafe', 'signal'])
    requireNames('files.download', { localPath })
    return this.#use(remotePath, options, (store, signal) =>
      download(store, remotePath, localPath, { ...options, signal }),
    )
  }

  async #readAll(path: string, options: FileReadOptions): Promise<string | Uint8Array> {
    const { format = 'bytes' } = checkOptions('files.read', options, READ_OPTIONS)
    const chunks: Uint8Array[] = []
    for await (const chunk of this.#stream(path, options)) chunks.push(chunk)
    const bytes = new Uint8Array(Buffer.concat(chunks))
    return format === 'text' ? new TextDecoder().decode(bytes) : bytes
  }

  async *#stream(path: string, { signal }: RequestOptions): AsyncGenerator<Uint8Array, void> {
    checkRemotePath(path)
    const link = this.#store.link(signal)
    try {
      yield* this.#store.stream(link.signal, (store) => store.read(path, link.signal))
    } catch (error) {
      throw await this.#explain(error, signal, link.signal)
    } finally {
      link.release()
    }
  }

  async #use<T>(
    path: string,
    { signal }: RequestOptions,
    work: (store: FileStore, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    checkRemotePath(path)
    const link = this.#store.link(signal)
    try {
      return await this.#store.use(link.signal, (store) => work(store, link.signal))
    } catch (error) {
      throw await this.#explain(error, signal, link.signal)
    } finally {
      link.release()
    }
  }

  // What is no error of ours comes from a signal or the caller's own source, and only the first is put into our words.
  async #explain(error: unknown, signal: AbortSignal | undefined, linked: AbortSignal): Promise<unknown> {
    if (!linked.aborted || (error instanceof OpenShellError && error.kind !== 'aborted')) return error
    if (!signal?.aborted) {
      return this.#store.assertOpen().then(
        () => error,
        (reason: unknown) => reason,
      )
    }
    const timedOut = signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
    return new OpenShellError({
      kind: timedOut ? 'timeout' : 'aborted',
      message: timedOut
        ? 'The time limit of the given signal ran out during work on files.'
        : 'Work on files was aborted by the given signal.',
      sandboxName: this.#sandboxName,
      dispatched: true,
      cause: signal.reason,
    })
  }
}

function sizeOf(content: FileContent): { readonly bytes?: number; readonly files: number } {
  if (typeof content === 'string') return { bytes: Buffer.byteLength(content), files: 1 }
  return content instanceof Uint8Array ? { bytes: content.length, files: 1 } : { files: 1 }
}
