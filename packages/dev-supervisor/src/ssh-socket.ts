import { chmod, lstat, unlink } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { makeFolder, socketPathLimit } from '@openshell-ts/protocol/unix-sockets'
import { SupervisorError } from './supervisor-error.js'

/** A Unix socket that listens. */
export interface SshSocket {
  /** Stops listening, ends the connections and removes the socket's file. */
  close(): Promise<void>
}

// One byte is for the end.
const LONGEST_PATH_BYTES = socketPathLimit - 1

/**
 * Listens on a Unix socket of mode 0600; a missing parent folder is made with mode 0700, a socket file that nobody listens on
 * is removed first. A path that starts with `@` is a name in Linux's abstract namespace, without a file.
 *
 * @throws SupervisorError of kind `ssh-socket`.
 */
export async function listenOnSshSocket(path: string, onConnection: (socket: Socket) => void): Promise<SshSocket> {
  const abstract = path.startsWith('@')
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) {
    throw failure(path, `is longer than the ${LONGEST_PATH_BYTES} bytes that a socket's path may have`)
  }
  const connections = new Set<Socket>()
  const server = createServer((socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
    onConnection(socket)
  })
  try {
    if (!abstract) await prepareFile(path)
    await listen(server, abstract ? `\0${path.slice(1)}` : path)
    if (!abstract) await chmod(path, 0o600)
  } catch (cause) {
    server.close()
    throw cause instanceof SupervisorError ? cause : failure(path, `cannot be opened (${codeOf(cause)})`, cause)
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of connections) socket.destroy()
      }),
  }
}

async function prepareFile(path: string): Promise<void> {
  await makeFolder(dirname(path), { mode: 0o700 })
  const existing = await lstat(path).catch(() => undefined)
  if (!existing) return
  if (!existing.isSocket()) throw failure(path, 'exists and is no socket')
  if (await isListening(path)) throw failure(path, 'is in use by another process')
  await unlink(path)
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function failure(path: string, problem: string, cause?: unknown): SupervisorError {
  return new SupervisorError({
    kind: 'ssh-socket',
    message: `The SSH socket ${path} ${problem}. Set OPENSHELL_SSH_SOCKET_PATH to a short path in a folder of this sandbox's own, or leave it out.`,
    cause,
  })
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error'
}
