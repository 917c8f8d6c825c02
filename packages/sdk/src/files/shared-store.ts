import type { ClientContext } from '../calls/client-context.js'
import type { Commands } from '../commands/commands.js'
import { openForward } from '../ports/open-forward.js'
import { abortable } from '../transport/abortable.js'
import type { LinkedSignal } from '../transport/linked-signal.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { ExecStore } from './exec-store.js'
import type { FileStore } from './file-store.js'
import { openSftp } from './sftp-connection.js'
import { SftpStore } from './sftp-store.js'

// Long enough for a row of operations, short enough to keep no process waiting.
const KEPT_OPEN_MS = 1_000

interface OpenStore {
  readonly store: FileStore
  /** Aborts when the connection is gone. */
  readonly lost: AbortSignal | undefined
}

/** Lends a store for the time of an operation. */
export interface StoreAccess {
  /** A signal that aborts with that of an operation, and with whatever else ends the calls of the client. */
  link(signal: AbortSignal | undefined): LinkedSignal
  /** Throws when the client is closed, or the signal that it was derived with has aborted. */
  assertOpen(): Promise<void>
  use<T>(signal: AbortSignal | undefined, work: (store: FileStore) => Promise<T>): Promise<T>
  stream<T>(signal: AbortSignal | undefined, work: (store: FileStore) => AsyncIterable<T>): AsyncGenerator<T, void>
}

/** One connection to the files of a sandbox for all operations of a handle: opened with the first, closed soon after the last. */
export class SharedStore implements StoreAccess {
  readonly #context: ClientContext
  readonly #address: SandboxAddress
  readonly #commands: Commands
  #open: Promise<OpenStore> | undefined
  #users = 0
  #timer: NodeJS.Timeout | undefined

  constructor(context: ClientContext, address: SandboxAddress, commands: Commands) {
    this.#context = context
    this.#address = address
    this.#commands = commands
  }

  link(signal: AbortSignal | undefined): LinkedSignal {
    return this.#context.gateway.link(signal)
  }

  assertOpen(): Promise<void> {
    return this.#context.gateway.pause(0, { rpc: 'ForwardTcp', sandboxName: this.#address.name })
  }

  /** Works with the store. A connection that was lost meanwhile is opened again for the next one. */
  async use<T>(signal: AbortSignal | undefined, work: (store: FileStore) => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    const release = this.#enter()
    try {
      return await work(await abortable(this.#opened(), signal))
    } finally {
      release()
    }
  }

  /** Streams from the store. */
  async *stream<T>(
    signal: AbortSignal | undefined,
    work: (store: FileStore) => AsyncIterable<T>,
  ): AsyncGenerator<T, void> {
    signal?.throwIfAborted()
    const release = this.#enter()
    try {
      yield* work(await abortable(this.#opened(), signal))
    } finally {
      release()
    }
  }

  #enter(): () => void {
    this.#users += 1
    clearTimeout(this.#timer)
    return () => {
      this.#users -= 1
      if (this.#users === 0) this.#timer = setTimeout(() => void this.#close(), KEPT_OPEN_MS).unref()
    }
  }

  async #opened(): Promise<FileStore> {
    const opening = this.#open ?? this.#connect()
    this.#open = opening
    try {
      const { store, lost } = await opening
      if (!lost?.aborted) return store
    } catch (error) {
      if (this.#open === opening) this.#open = undefined
      throw error
    }
    if (this.#open === opening) this.#open = undefined
    return this.#opened()
  }

  async #connect(): Promise<OpenStore> {
    // What ends an operation does not end the connection, over which its part files are removed.
    const stream = await openForward(this.#context.gateway.unbounded, this.#address, { target: { type: 'ssh' } })
    const connection = await openSftp(stream)
    const programs = new ExecStore(this.#commands)
    return connection
      ? { store: new SftpStore(connection, programs), lost: connection.lost }
      : { store: programs, lost: undefined }
  }

  async #close(): Promise<void> {
    const opening = this.#open
    // A sandbox without an SFTP server has none later either; there is nothing open.
    const opened = await opening?.catch(() => undefined)
    if (!opened?.lost || this.#users > 0) return
    if (this.#open === opening) this.#open = undefined
    await opened.store.close()
  }
}
