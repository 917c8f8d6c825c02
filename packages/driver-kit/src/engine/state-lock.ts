import { randomBytes, randomInt } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { socketPathLimit } from './socket-path-limit.js'

/** A state directory that this process alone may use. */
export interface StateLock {
  /** Gives the directory up. */
  release(): Promise<void>
}

/** How often two processes that start at the same moment step back for each other. */
const attempts = 20
/** How long a holder may take to answer; one that does not is alive all the same. */
const answerTimeoutMs = 1_000

/**
 * Takes the directory for this process.
 *
 * Each process listens on a socket of its own name under `lock/` and then dials all others. The kernel closes a socket
 * with its process, however that ends, so a socket that refuses is nobody's and can be removed without a race: its name
 * is never used again. Who meets a living holder gives up; who meets another one that is only trying steps back and tries
 * again. Works between containers that share the directory, where process ids say nothing.
 *
 * @throws Error that names the directory and the holder's process id when another process uses it.
 */
export async function acquireStateLock(directory: string): Promise<StateLock> {
  const folder = join(directory, 'lock')
  const path = join(folder, `${randomBytes(4).toString('hex')}.sock`)
  checkLength(directory, path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (let attempt = 0; attempt < attempts; attempt++) {
    const claim = await Claim.open(path)
    const other = await findOther(folder, path)
    if (other === undefined) {
      claim.held = true
      return { release: () => claim.close() }
    }
    await claim.close()
    if (other.held) {
      throw new Error(
        `The state directory "${directory}" is used by another process (pid ${other.pid}). Stop it, or choose another --state-dir.`,
      )
    }
    await pause(randomInt(5, 50))
  }
  throw new Error(
    `The state directory "${directory}" is being opened by other processes all the time; start one driver on it.`,
  )
}

/** The socket that stands for this process. It tells who dials it whether the directory is held. */
class Claim {
  held = false
  readonly #server: Server
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
    this.#server = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.end(JSON.stringify({ pid: process.pid, held: this.held }))
    })
    this.#server.unref()
  }

  static async open(path: string): Promise<Claim> {
    const claim = new Claim(path)
    await new Promise<void>((done, fail) => {
      claim.#server.once('error', fail)
      claim.#server.listen(path, done)
    })
    return claim
  }

  async close(): Promise<void> {
    await new Promise<void>((done) => this.#server.close(() => done()))
    await rm(this.#path, { force: true })
  }
}

interface Holder {
  readonly pid: number | 'unknown'
  readonly held: boolean
}

async function findOther(folder: string, own: string): Promise<Holder | undefined> {
  let trying: Holder | undefined
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (path === own) continue
    const holder = await dial(path)
    if (holder === undefined) await rm(path, { force: true })
    else if (holder.held) return holder
    else trying = holder
  }
  return trying
}

/** Who listens on the socket, or `undefined` when nobody does. */
function dial(path: string): Promise<Holder | undefined> {
  return new Promise((done) => {
    const socket = connect(path)
    let answer = ''
    socket.setTimeout(answerTimeoutMs, () => settle(socket, done, { pid: 'unknown', held: true }))
    socket.on('data', (chunk) => {
      answer += chunk.toString('utf8')
    })
    socket.on('end', () => settle(socket, done, readHolder(answer)))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const gone = error.code === 'ECONNREFUSED' || error.code === 'ENOENT'
      // A reset is a process that steps back or ends while it is dialled: trying again tells which.
      settle(socket, done, gone ? undefined : { pid: 'unknown', held: error.code !== 'ECONNRESET' })
    })
  })
}

function settle(socket: Socket, done: (holder: Holder | undefined) => void, holder: Holder | undefined): void {
  socket.destroy()
  done(holder)
}

function readHolder(answer: string): Holder {
  try {
    const { pid, held } = JSON.parse(answer) as { pid: unknown; held: unknown }
    return { pid: typeof pid === 'number' ? pid : 'unknown', held: held === true }
  } catch {
    return { pid: 'unknown', held: false }
  }
}

function checkLength(directory: string, path: string): void {
  const bytes = Buffer.byteLength(path)
  if (bytes < socketPathLimit) return
  throw new Error(
    `The path of the state directory "${directory}" is too long by ${bytes - socketPathLimit + 1} bytes: sockets are kept in it.`,
  )
}
