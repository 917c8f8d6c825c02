import type { Dir } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import ssh2 from 'ssh2'
import { SftpStatus } from './sftp-status.js'

/** What a client has opened. */
export type OpenItem =
  | { readonly type: 'file'; readonly file: FileHandle; readonly append: boolean }
  | { readonly type: 'directory'; readonly path: string; readonly directory: Dir }

/** How many files and folders one client may have open at a time. */
const HANDLE_LIMIT = 256

/** The open files and folders of one SFTP client, by the names that the client was given for them. */
export class SftpHandles {
  readonly #open = new Map<number, OpenItem>()
  #opening = 0
  #last = 0

  /**
   * Opens something, and gives it a handle.
   *
   * @throws SftpStatus FAILURE when the client has too much open.
   */
  async open(opening: () => Promise<OpenItem>): Promise<Buffer> {
    if (this.#open.size + this.#opening >= HANDLE_LIMIT) {
      throw new SftpStatus(ssh2.utils.sftp.STATUS_CODE.FAILURE, `At most ${HANDLE_LIMIT} handles may be open`)
    }
    this.#opening += 1
    try {
      const item = await opening()
      this.#last += 1
      this.#open.set(this.#last, item)
      const handle = Buffer.alloc(4)
      handle.writeUInt32BE(this.#last)
      return handle
    } finally {
      this.#opening -= 1
    }
  }

  /** The file behind a handle. @throws SftpStatus FAILURE when there is none. */
  file(handle: Buffer): Extract<OpenItem, { type: 'file' }> {
    const item = this.#open.get(idOf(handle))
    if (item?.type !== 'file') throw invalidHandle()
    return item
  }

  /** The folder behind a handle. @throws SftpStatus FAILURE when there is none. */
  directory(handle: Buffer): Extract<OpenItem, { type: 'directory' }> {
    const item = this.#open.get(idOf(handle))
    if (item?.type !== 'directory') throw invalidHandle()
    return item
  }

  /** Closes what is behind a handle. @throws SftpStatus FAILURE when there is nothing. */
  async close(handle: Buffer): Promise<void> {
    const item = this.#open.get(idOf(handle))
    if (!item) throw invalidHandle()
    this.#open.delete(idOf(handle))
    await closeItem(item)
  }

  /** Closes everything; the client is gone. */
  async closeAll(): Promise<void> {
    const items = [...this.#open.values()]
    this.#open.clear()
    await Promise.allSettled(items.map(closeItem))
  }
}

function closeItem(item: OpenItem): Promise<void> {
  return item.type === 'file' ? item.file.close() : item.directory.close()
}

function idOf(handle: Buffer): number {
  return handle.length === 4 ? handle.readUInt32BE() : 0
}

function invalidHandle(): SftpStatus {
  return new SftpStatus(ssh2.utils.sftp.STATUS_CODE.FAILURE, 'Invalid handle')
}
