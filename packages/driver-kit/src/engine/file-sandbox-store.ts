import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { chmod, lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  acquireDirectoryLock,
  type DirectoryLock,
  DirectoryLockError,
  makeFolder,
} from '@openshell-ts/protocol/unix-sockets'
import writeFileAtomic from 'write-file-atomic'
import { formatRecord, readRecord } from './read-record.js'
import type { SandboxRecord, SandboxSecrets } from './sandbox-record.js'
import type { BrokenRecord, SandboxStore, StoredSandbox } from './sandbox-store.js'

const recordFile = 'record.json'
const environmentFile = 'environment.json'
const tokenFile = 'sandbox.jwt'
const ownFolder = 'files'

/** How many sandboxes are read before the process answers its health checks again. */
const slice = 50

/**
 * Keeps each sandbox in a folder of its own under `<directory>/sandboxes/<id>/`: `record.json` (no secrets, readable by a
 * person), `environment.json` and `sandbox.jwt` (mode 0600), and `files/`, which belongs to the driver's handlers.
 *
 * A sandbox appears and disappears by one rename, so a crash leaves it whole or leaves nothing of it.
 */
export class FileSandboxStore implements SandboxStore {
  readonly #sandboxes: string
  readonly #scratch: string
  readonly #lock: DirectoryLock
  #closed = false

  private constructor(directory: string, lock: DirectoryLock) {
    this.#sandboxes = join(directory, 'sandboxes')
    this.#scratch = join(directory, 'scratch')
    this.#lock = lock
  }

  /**
   * Opens the folder for this process alone, and creates it with mode 0700 when it is missing.
   *
   * @throws Error that names the folder when it cannot be used, or when another process uses it.
   */
  static async open(stateDirectory: string): Promise<FileSandboxStore> {
    const directory = resolve(stateDirectory)
    await ownDirectory(directory)
    const lock = await lockDirectory(directory)
    const store = new FileSandboxStore(directory, lock)
    try {
      await mkdir(store.#sandboxes, { recursive: true, mode: 0o700 })
      await rm(store.#scratch, { recursive: true, force: true })
      await mkdir(store.#scratch, { mode: 0o700 })
    } catch (cause) {
      await lock.release()
      throw new Error(`The state directory "${directory}" cannot be written: ${reasonOf(cause)}`, { cause })
    }
    return store
  }

  async load(): Promise<{ sandboxes: StoredSandbox[]; broken: BrokenRecord[] }> {
    const ids = await this.#ids()
    const sandboxes: StoredSandbox[] = []
    const broken: BrokenRecord[] = []
    for (const [index, id] of ids.sort().entries()) {
      if (index % slice === slice - 1) await nextTurn()
      try {
        sandboxes.push(await this.#read(id))
      } catch (error) {
        const place = join(this.#sandboxes, id)
        const problem = `The record of sandbox "${id}" was skipped and kept: ${reasonOf(error)}. Repair or remove "${place}".`
        broken.push({ place, problem })
      }
    }
    return { sandboxes, broken }
  }

  async create(record: SandboxRecord, secrets: SandboxSecrets): Promise<StoredSandbox> {
    this.#requireOpen()
    const staged = this.#scratchPath()
    await mkdir(join(staged, ownFolder), { recursive: true, mode: 0o700 })
    try {
      await writeFileAtomic(join(staged, recordFile), formatRecord(record), { mode: 0o600 })
      if (Object.keys(secrets.environment).length > 0) {
        await writeFile(join(staged, environmentFile), JSON.stringify(secrets.environment), { mode: 0o600 })
      }
      if (secrets.token !== undefined) await writeFile(join(staged, tokenFile), secrets.token, { mode: 0o600 })
      await rename(staged, this.#folder(record.spec.id))
    } catch (error) {
      await rm(staged, { recursive: true, force: true })
      throw error
    }
    return this.#stored(record, secrets.environment, secrets.token !== undefined)
  }

  async update(record: SandboxRecord): Promise<void> {
    this.#requireOpen()
    await writeFileAtomic(join(this.#folder(record.spec.id), recordFile), formatRecord(record), { mode: 0o600 })
  }

  async remove(id: string): Promise<void> {
    this.#requireOpen()
    const removed = this.#scratchPath()
    try {
      await rename(this.#folder(id), removed)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return
      throw error
    }
    await rm(removed, { recursive: true, force: true })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#lock.release()
  }

  async #ids(): Promise<string[]> {
    try {
      return await readdir(this.#sandboxes)
    } catch (cause) {
      throw new Error(
        `The state directory cannot be read: ${reasonOf(cause)}. Let this user read "${this.#sandboxes}", or choose another --state-dir.`,
        { cause },
      )
    }
  }

  // Reading at once takes a third of the time that it takes file by file on other threads, and there may be thousands.
  async #read(id: string): Promise<StoredSandbox> {
    const folder = this.#folder(id)
    const record = readRecord(readFileSync(join(folder, recordFile), 'utf8'), id)
    const names = readdirSync(folder)
    const environment = names.includes(environmentFile)
      ? readEnvironment(readFileSync(join(folder, environmentFile), 'utf8'))
      : {}
    if (!names.includes(ownFolder)) await mkdir(join(folder, ownFolder), { mode: 0o700 })
    // An atomic write that a crash cut off leaves its temporary file beside the record.
    const cutOff = names.filter((name) => name.startsWith(`${recordFile}.`))
    for (const name of cutOff) await rm(join(folder, name), { force: true })
    return this.#stored(record, environment, names.includes(tokenFile))
  }

  #stored(record: SandboxRecord, environment: Readonly<Record<string, string>>, hasToken: boolean): StoredSandbox {
    const folder = this.#folder(record.spec.id)
    return {
      record,
      environment,
      directory: join(folder, ownFolder),
      ...(hasToken ? { tokenFile: join(folder, tokenFile) } : {}),
    }
  }

  // A handler that outlives its driver must not write what belongs to the next one.
  #requireOpen(): void {
    if (this.#closed) throw new Error('The state directory has been given up: the driver was closed.')
  }

  #folder(id: string): string {
    return join(this.#sandboxes, id)
  }

  #scratchPath(): string {
    return join(this.#scratch, randomBytes(8).toString('hex'))
  }
}

async function lockDirectory(directory: string): Promise<DirectoryLock> {
  try {
    return await acquireDirectoryLock(directory)
  } catch (cause) {
    if (!(cause instanceof DirectoryLockError)) throw cause
    const advice = cause.code === 'held' ? 'Stop it, or choose another --state-dir.' : 'Choose another --state-dir.'
    throw new Error(`${cause.message} ${advice}`, { cause })
  }
}

async function ownDirectory(directory: string): Promise<void> {
  try {
    await makeFolder(directory, { mode: 0o700 })
    const status = await lstat(directory)
    if (!status.isDirectory()) throw new Error('it is not a directory')
    const user = process.geteuid?.()
    if (user !== undefined && status.uid !== user) throw new Error(`it belongs to uid ${status.uid}, not to ${user}`)
    await chmod(directory, 0o700)
  } catch (cause) {
    throw new Error(
      `The state directory "${directory}" cannot be used: ${reasonOf(cause)}. Choose another --state-dir.`,
      {
        cause,
      },
    )
  }
}

function readEnvironment(text: string): Record<string, string> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error(`its ${environmentFile} is not valid JSON`)
  }
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
  if (entries.length === 0 || entries.some(([, item]) => typeof item !== 'string')) {
    throw new Error(`its ${environmentFile} is not a map of text`)
  }
  return Object.fromEntries(entries)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
