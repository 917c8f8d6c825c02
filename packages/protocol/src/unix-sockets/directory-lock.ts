import { randomBytes, randomInt } from 'node:crypto'
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DirectoryLockError } from './directory-lock-error.js'
import { makeFolder } from './make-folder.js'
import { socketPathLimit } from './socket-path-limit.js'

/** A directory that one holder alone may use. */
export interface DirectoryLock {
  /** Gives the directory up. */
  release(): Promise<void>
}

/** How often two that start at the same moment step back for each other. */
const attempts = 20
/** How long a holder may take to answer; one that does not is alive all the same. */
const answerTimeoutMs = 1_000
/** An answer is much shorter. */
const answerLimit = 256

/**
 * Takes an existing directory, for this holder alone among all that ask for it in this way, in this process and in others.
 *
 * Each listens on a socket of its own name under `lock/` and then dials all others. The kernel closes a socket with its
 * process, however that ends, so a socket that refuses is nobody's and can be removed without a race: its name is never used
 * again. Who meets a living holder gives up; who meets another one that is only trying steps back and tries again. Works
 * between containers that share the directory, where process ids say nothing.
 *
 * @throws DirectoryLockError `held` with the holder's process id, or `unusable` where no socket can be made.
 */
export async function acquireDirectoryLock(directory: string): Promise<DirectoryLock> {
  const folder = join(resolve(directory), 'lock')
  const name = `${process.pid}-${randomBytes(4).toString('hex')}.sock`
  let detour: Detour | undefined
  try {
    await makeFolder(folder, { mode: 0o700 })
    detour = await openDetour(folder, name)
    const claim = await acquire(detour.path, name)
    if (claim instanceof Claim) return { release: () => claim.close(folder) }
    const text = `The state directory "${directory}" is used by another process (pid ${claim.pid}).`
    throw new DirectoryLockError('held', text)
  } catch (cause) {
    if (cause instanceof DirectoryLockError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    const text = `The state directory "${directory}" cannot be locked, because no socket can be made in it: ${reason}.`
    throw new DirectoryLockError('unusable', text, { cause })
  } finally {
    await detour?.close()
  }
}

/** The claim to a folder of sockets, or who has got it. */
async function acquire(folder: string, name: string): Promise<Claim | Holder> {
  for (let attempt = 1; ; attempt++) {
    const claim = await Claim.open(folder, name)
    let other: Holder | undefined
    try {
      other = await findOther(folder, name)
      claim.held = other === undefined
    } finally {
      if (!claim.held) await claim.close(folder)
    }
    if (other === undefined) return claim
    if (other.held || attempt === attempts) return other
    await pause(randomInt(5, 50))
  }
}

interface Detour {
  readonly path: string
  close(): Promise<void>
}

/** A way to a folder that is short enough for the sockets in it: a link, where its own path is too long. */
async function openDetour(folder: string, name: string): Promise<Detour> {
  if (fits(join(folder, name))) return { path: folder, close: async () => undefined }
  const place = await mkdtemp(join(tmpdir(), 'lock-'))
  const path = join(place, 'to')
  await symlink(folder, path)
  return { path, close: () => rm(place, { recursive: true, force: true }) }
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) < socketPathLimit
}

/** The socket that stands for who asks. It tells who dials it whether the directory is held. */
class Claim {
  held = false
  readonly #server: Server
  readonly #name: string

  private constructor(name: string) {
    this.#name = name
    this.#server = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.write(JSON.stringify({ pid: process.pid, held: this.held }))
      // One that does not hang up must not keep the holder from giving up the directory.
      socket.destroySoon()
    })
    this.#server.unref()
  }

  static async open(folder: string, name: string): Promise<Claim> {
    const claim = new Claim(name)
    await new Promise<void>((done, fail) => {
      claim.#server.once('error', fail)
      claim.#server.listen(join(folder, name), done)
    })
    return claim
  }

  /** `folder` is a way to where it was opened. */
  async close(folder: string): Promise<void> {
    await new Promise<void>((done) => this.#server.close(() => done()))
    await rm(join(folder, this.#name), { force: true })
  }
}

interface Holder {
  readonly pid: number | 'unknown'
  readonly held: boolean
}

async function findOther(folder: string, own: string): Promise<Holder | undefined> {
  let trying: Holder | undefined
  for (const name of await readdir(folder)) {
    if (name === own) continue
    const path = join(folder, name)
    const holder = await dial(path, pidOf(name))
    if (holder === undefined) await rm(path, { force: true })
    else if (holder.held) return holder
    else trying = holder
  }
  return trying
}

function pidOf(name: string): Holder['pid'] {
  const [, digits] = /^(\d+)-/.exec(name) ?? []
  return digits === undefined ? 'unknown' : Number(digits)
}

/** Who listens on the socket, or `undefined` when nobody does. `pid` is what its name says, for one that does not answer. */
function dial(path: string, pid: Holder['pid']): Promise<Holder | undefined> {
  return new Promise((done) => {
    const socket = connect(path)
    let answer = ''
    socket.setTimeout(answerTimeoutMs, () => settle(socket, done, { pid, held: true }))
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8')
      if (answer.length > answerLimit) settle(socket, done, { pid, held: true })
    })
    socket.on('end', () => settle(socket, done, readHolder(answer, pid)))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const gone = error.code === 'ECONNREFUSED' || error.code === 'ENOENT'
      // A reset is a process that steps back or ends while it is dialled: trying again tells which.
      settle(socket, done, gone ? undefined : { pid, held: error.code !== 'ECONNRESET' })
    })
  })
}

function settle(socket: Socket, done: (holder: Holder | undefined) => void, holder: Holder | undefined): void {
  socket.destroy()
  done(holder)
}

function readHolder(answer: string, pid: Holder['pid']): Holder {
  try {
    const told = JSON.parse(answer) as { pid: unknown; held: unknown }
    return { pid: typeof told.pid === 'number' ? told.pid : pid, held: told.held === true }
  } catch {
    return { pid, held: false }
  }
}
