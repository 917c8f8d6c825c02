import { posix } from 'node:path'
import type { SFTPWrapper, Stats } from 'ssh2'
import { FileError, fileError, tooManyNames } from './file-error.js'
import { type FileInfo, toFileType } from './file-info.js'
import type { FileStore, TreeEntry } from './file-store.js'
import type { SizedEntry } from './measure-tree.js'
import { notRemoved, removeTree } from './remove-tree.js'
import { lostConnection, type SftpConnection } from './sftp-connection.js'
import { readAhead, writeBehind } from './sftp-transfer.js'
import { walkTree, writeEntries } from './walk-tree.js'

const PERMISSION_BITS = 0o7777
const END_OF_FILE = 1
// A sandbox may name files without end.
const MAX_LIST_BYTES = 128 * 1024 * 1024
const ENTRY_BYTES = 100

type Entries = Parameters<Parameters<SFTPWrapper['readdir']>[1]>[1]
type SftpError = Error & { readonly code?: number }
type Callback<T> = (error: Error | null | undefined, value: T) => void

/** Files over SFTP. */
export class SftpStore implements FileStore {
  readonly #connection: SftpConnection
  readonly #programs: Pick<FileStore, 'removeTree'>

  /** `programs` removes what SFTP has no way to name. */
  constructor(connection: SftpConnection, programs: Pick<FileStore, 'removeTree'>) {
    this.#connection = connection
    this.#programs = programs
  }

  realPath(path: string): Promise<string> {
    return this.#ask(path, (sftp, done) => sftp.realpath(path, done))
  }

  async stat(path: string): Promise<FileInfo | undefined> {
    const stats = await absent(this.#ask<Stats>(path, (sftp, done) => sftp.stat(path, done)))
    return stats && toInfo(path, stats)
  }

  async linkStat(path: string): Promise<FileInfo | undefined> {
    const stats = await absent(this.#ask<Stats>(path, (sftp, done) => sftp.lstat(path, done)))
    return stats && toInfo(path, stats)
  }

  async list(path: string): Promise<FileInfo[]> {
    const handle = await this.#openDirectory(path)
    const infos: FileInfo[] = []
    let size = 0
    try {
      for (let some = await this.#readSome(path, handle); some; some = await this.#readSome(path, handle)) {
        // An answer without names counts too, or a sandbox could go on with them.
        size += ENTRY_BYTES
        for (const { filename, attrs } of some) {
          if (filename === '.' || filename === '..') continue
          size += filename.length + ENTRY_BYTES
          infos.push({ ...toInfo(path, attrs), path: posix.join(path, filename), name: filename })
        }
        if (size > MAX_LIST_BYTES) throw tooManyNames(path)
      }
    } finally {
      await this.#closeHandle(handle)
    }
    return infos
  }

  async #openDirectory(path: string): Promise<Buffer> {
    try {
      return await this.#ask<Buffer>(path, (sftp, done) => sftp.opendir(path, done))
    } catch (error) {
      // Servers answer for a file as if there were nothing.
      const isFile = error instanceof FileError && error.reason === 'ENOENT' && (await this.stat(path)) !== undefined
      throw isFile ? fileError('ENOTDIR', path, '', error) : error
    }
  }

  /** Some more of what is in a folder; undefined at its end. */
  #readSome(path: string, handle: Buffer): Promise<Entries | undefined> {
    return this.#ask<Entries | undefined>(path, (sftp, done) =>
      sftp.readdir(handle, (error: SftpError | undefined, entries) => {
        if (error?.code === END_OF_FILE) done(undefined, undefined)
        else done(error, entries)
      }),
    )
  }

  async *read(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const handle = await this.#ask<Buffer>(path, (sftp, done) => sftp.open(path, 'r', done))
    try {
      yield* readAhead((position, buffer) =>
        this.#ask<number>(path, (sftp, done) => sftp.read(handle, buffer, 0, buffer.length, position, done), signal),
      )
    } finally {
      await this.#closeHandle(handle)
    }
  }

  async write(path: string, data: AsyncIterable<Uint8Array>, mode: number, signal: AbortSignal): Promise<void> {
    const handle = await this.#ask<Buffer>(path, (sftp, done) => sftp.open(path, 'w', { mode }, done))
    try {
      await writeBehind(data, (position, bytes) =>
        this.#act(path, (sftp, done) => sftp.write(handle, bytes, 0, bytes.length, position, done), signal),
      )
      // The mode of an open is subject to the server's mask.
      await this.#act(path, (sftp, done) => sftp.fchmod(handle, mode, done))
    } finally {
      await this.#closeHandle(handle)
    }
  }

  async makeDirectory(path: string, mode: number): Promise<void> {
    try {
      await this.#act(path, (sftp, done) => sftp.mkdir(path, { mode }, done))
    } catch (error) {
      // Servers say no more than that it failed.
      throw (await this.linkStat(path)) ? fileError('EEXIST', path, '', error) : error
    }
  }

  removeFile(path: string): Promise<void> {
    return this.#act(path, (sftp, done) => sftp.unlink(path, done))
  }

  async removeDirectory(path: string): Promise<void> {
    try {
      await this.#act(path, (sftp, done) => sftp.rmdir(path, done))
    } catch (error) {
      throw (await this.list(path)).length > 0 ? fileError('ENOTEMPTY', path, '', error) : error
    }
  }

  async removeTree(path: string): Promise<void> {
    const left = await removeTree(this, path)
    if (left.length === 0) return
    const whole = await this.realPath(path)
    await this.#programs.removeTree(whole).catch((error: unknown) => {
      throw notRemoved(path, left, error)
    })
  }

  replace(from: string, to: string): Promise<void> {
    return this.#act(from, (sftp, done) => sftp.ext_openssh_rename(from, to, done))
  }

  readTree(path: string, signal: AbortSignal): AsyncIterable<TreeEntry> {
    const readLink = (link: string) => this.#ask<string>(link, (sftp, done) => sftp.readlink(link, done))
    return walkTree(this, path, { readLink, signal })
  }

  surveyTree(path: string, signal: AbortSignal): AsyncIterable<SizedEntry> {
    return walkTree(this, path, { readLink: async () => '', signal })
  }

  writeTree(path: string, entries: AsyncIterable<TreeEntry>, signal: AbortSignal): Promise<void> {
    const makeLink = (target: string, link: string) => this.#act(link, (sftp, done) => sftp.symlink(target, link, done))
    return writeEntries(this, path, entries, { makeLink, signal })
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async #closeHandle(handle: Buffer): Promise<void> {
    if (this.#connection.lost.aborted) return
    // What was written is confirmed already; a handle that does not close ends with the connection.
    await this.#act('', (sftp, done) => sftp.close(handle, done)).catch(() => undefined)
  }

  /** Sends a request that is answered with nothing but whether it was done. */
  #act(
    path: string,
    send: (sftp: SFTPWrapper, done: (error?: Error | null) => void) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    return this.#ask<void>(path, (sftp, done) => send(sftp, (error) => done(error, undefined)), signal)
  }

  /** Sends a request. Rejects as soon as the caller gives up or the connection is lost. */
  #ask<T>(path: string, send: (sftp: SFTPWrapper, done: Callback<T>) => void, signal?: AbortSignal): Promise<T> {
    const { sftp, lost } = this.#connection
    return new Promise<T>((resolve, reject) => {
      const stop = ({ target }: Event) => settle(() => reject((target as AbortSignal).reason))
      const settle = (act: () => void) => {
        for (const source of [lost, signal]) source?.removeEventListener('abort', stop)
        act()
      }
      const over = [lost, signal].find((source) => source?.aborted)
      if (over) return reject(over.reason)
      for (const source of [lost, signal]) source?.addEventListener('abort', stop)
      send(sftp, (error, value) => settle(() => (error ? reject(toFileError(error, path)) : resolve(value))))
    })
  }
}

// The codes of SFTP, and the words of those servers that say more than "failure".
const STATUS_CODES: Readonly<Record<number, string>> = { 2: 'ENOENT', 3: 'EACCES' }

function toFileError(error: Error, path: string): Error {
  const status = 'code' in error && typeof error.code === 'number' ? error.code : undefined
  // What is no answer of the server comes from the end of the channel.
  if (status === undefined) return lostConnection(error)
  const named = /\b(E[A-Z]{3,})\b/.exec(error.message)?.[1]
  const code = STATUS_CODES[status] ?? named ?? ''
  return fileError(code, path, error.message, error)
}

async function absent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Error && 'kind' in error && error.kind === 'not-found') return undefined
    throw error
  }
}

function toInfo(path: string, { mode, size, mtime }: Pick<Stats, 'mode' | 'size' | 'mtime'>): FileInfo {
  return {
    path,
    name: posix.basename(path),
    type: toFileType(mode),
    sizeBytes: size,
    mode: mode & PERMISSION_BITS,
    modifiedAt: new Date(mtime * 1000),
  }
}
