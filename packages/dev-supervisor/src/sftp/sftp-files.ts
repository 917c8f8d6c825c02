import { constants, type Stats } from 'node:fs'
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  open,
  opendir,
  readlink,
  realpath,
  rename,
  rmdir,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
} from 'node:fs/promises'
import { join, resolve } from 'node:path'
import ssh2, { type Attributes, type FileEntry } from 'ssh2'
import { longName, toSftpAttributes } from './sftp-attributes.js'
import type { SftpHandles } from './sftp-handles.js'
import { endOfFile, SftpStatus } from './sftp-status.js'

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp

/** The most bytes of one READ; a client that asks for more gets less, as the protocol allows. */
const READ_LIMIT_BYTES = 256 * 1024

/** How many names one READDIR gives. */
const NAMES_AT_ONCE = 128

/** Some of a file's attributes, as a client sets them. */
export type SomeAttributes = Partial<Attributes>

/** The operations of SFTP on the files of a sandbox. Relative paths start at its folder. */
export class SftpFiles {
  readonly #workdir: string
  readonly #handles: SftpHandles

  constructor(workdir: string, handles: SftpHandles) {
    this.#workdir = workdir
    this.#handles = handles
  }

  open(path: string, flags: number, { mode = 0o666 }: SomeAttributes): Promise<Buffer> {
    const append = (flags & OPEN_MODE.APPEND) !== 0
    return this.#handles.open(async () => {
      const file = await open(this.#at(path), systemFlags(flags), mode & 0o7777)
      return { type: 'file', file, append }
    })
  }

  openDirectory(path: string): Promise<Buffer> {
    return this.#handles.open(async () => {
      const directory = await opendir(this.#at(path))
      return { type: 'directory', path: this.#at(path), directory }
    })
  }

  close(handle: Buffer): Promise<void> {
    return this.#handles.close(handle)
  }

  async read(handle: Buffer, offset: number, length: number): Promise<Buffer> {
    const { file } = this.#handles.file(handle)
    const buffer = Buffer.allocUnsafe(Math.min(length, READ_LIMIT_BYTES))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset)
    if (bytesRead === 0 && length > 0) throw endOfFile
    return buffer.subarray(0, bytesRead)
  }

  async write(handle: Buffer, offset: number, data: Buffer): Promise<void> {
    const { file, append } = this.#handles.file(handle)
    let written = 0
    while (written < data.length) {
      const position = append ? null : offset + written
      written += (await file.write(data, written, data.length - written, position)).bytesWritten
    }
  }

  async sync(handle: Buffer): Promise<void> {
    await this.#handles.file(handle).file.sync()
  }

  /** The next names of a folder, the first two of which are itself and its parent as OpenSSH lists them. */
  async readDirectory(handle: Buffer): Promise<FileEntry[]> {
    const { directory, path } = this.#handles.directory(handle)
    const names: string[] = []
    while (names.length < NAMES_AT_ONCE) {
      const entry = await directory.read()
      if (!entry) break
      names.push(entry.name)
    }
    if (names.length === 0) throw endOfFile
    return Promise.all(names.map((name) => describe(path, name)))
  }

  async status(path: string): Promise<Attributes> {
    return toSftpAttributes(await stat(this.#at(path)))
  }

  async linkStatus(path: string): Promise<Attributes> {
    return toSftpAttributes(await lstat(this.#at(path)))
  }

  async handleStatus(handle: Buffer): Promise<Attributes> {
    return toSftpAttributes(await this.#handles.file(handle).file.stat())
  }

  async setStatus(path: string, attributes: SomeAttributes): Promise<void> {
    const target = this.#at(path)
    const { size, mode, uid, gid, atime, mtime } = attributes
    if (size !== undefined) await truncate(target, size)
    if (mode !== undefined) await chmod(target, mode & 0o7777)
    if (atime !== undefined && mtime !== undefined) await utimes(target, atime, mtime)
    if (uid !== undefined && gid !== undefined) await chown(target, uid, gid)
  }

  async setHandleStatus(handle: Buffer, attributes: SomeAttributes): Promise<void> {
    const { file } = this.#handles.file(handle)
    const { size, mode, uid, gid, atime, mtime } = attributes
    if (size !== undefined) await file.truncate(size)
    if (mode !== undefined) await file.chmod(mode & 0o7777)
    if (atime !== undefined && mtime !== undefined) await file.utimes(atime, mtime)
    if (uid !== undefined && gid !== undefined) await file.chown(uid, gid)
  }

  async makeDirectory(path: string, { mode = 0o777 }: SomeAttributes): Promise<void> {
    await mkdir(this.#at(path), { mode: mode & 0o7777 })
  }

  async removeDirectory(path: string): Promise<void> {
    await rmdir(this.#at(path))
  }

  async remove(path: string): Promise<void> {
    await unlink(this.#at(path))
  }

  /** Renames without replacing anything, as SFTP wants it. */
  async rename(from: string, to: string): Promise<void> {
    const [source, target] = [this.#at(from), this.#at(to)]
    if ((await lstat(source)).isFile()) {
      // A link fails where something is already, and nobody can get in between.
      await link(source, target)
      await unlink(source)
      return
    }
    if (await lstat(target).catch(() => undefined)) throw new SftpStatus(STATUS_CODE.FAILURE, 'EEXIST')
    await rename(source, target)
  }

  /** Renames and replaces, as POSIX has it. */
  async replace(from: string, to: string): Promise<void> {
    await rename(this.#at(from), this.#at(to))
  }

  async hardLink(existing: string, created: string): Promise<void> {
    await link(this.#at(existing), this.#at(created))
  }

  async symbolicLink(path: string, target: string): Promise<void> {
    await symlink(target, this.#at(path))
  }

  readLink(path: string): Promise<string> {
    return readlink(this.#at(path))
  }

  /** The path without links and dots; one that leads nowhere yet is only made absolute. */
  async realPath(path: string): Promise<string> {
    const absolute = this.#at(path)
    return realpath(absolute).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return absolute
      throw error
    })
  }

  #at(path: string): string {
    return resolve(this.#workdir, path)
  }
}

function systemFlags(flags: number): number {
  const { READ, WRITE, APPEND, CREAT, TRUNC, EXCL } = OPEN_MODE
  const has = (flag: number) => (flags & flag) !== 0
  const access = has(WRITE) || has(APPEND) ? (has(READ) ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY
  return (
    access |
    (has(APPEND) ? constants.O_APPEND : 0) |
    (has(CREAT) ? constants.O_CREAT : 0) |
    (has(TRUNC) ? constants.O_TRUNC : 0) |
    (has(EXCL) ? constants.O_EXCL : 0)
  )
}

async function describe(folder: string, filename: string): Promise<FileEntry> {
  const stats: Stats | undefined = await lstat(join(folder, filename)).catch(() => undefined)
  // It was removed between the two looks.
  if (!stats) return { filename, longname: filename, attrs: {} as Attributes }
  return { filename, longname: longName(filename, stats), attrs: toSftpAttributes(stats) }
}
