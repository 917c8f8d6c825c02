import { setMaxListeners } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Client, ConnectConfig, SFTPWrapper } from 'ssh2'
import { OpenShellError } from '../errors.js'
import { loadSsh2 } from './load-ssh2.js'

/** An SFTP channel over a connection into a sandbox. */
export interface SftpConnection {
  readonly sftp: SFTPWrapper
  /** Aborts when the connection is gone. */
  readonly lost: AbortSignal
  close(): Promise<void>
}

// AES-GCM is native in Node.js; the cipher that servers would choose otherwise is several times slower in ssh2.
const CIPHERS = ['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'] as const

/**
 * Logs in to the SSH server behind a connection and opens its SFTP server; undefined when the sandbox has none, or this program
 * no ssh2.
 */
export async function openSftp(stream: Duplex): Promise<SftpConnection | undefined> {
  const ssh2 = loadSsh2()
  if (!ssh2) {
    stream.destroy()
    return undefined
  }
  const client = new ssh2.Client()
  const lost = new AbortController()
  // Each request on its way listens to it.
  setMaxListeners(0, lost.signal)
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  let failure: unknown
  for (const source of [client, stream]) {
    source.on('error', (error: unknown) => {
      failure ??= error
    })
  }
  void closed.then(() => lost.abort(lostConnection(failure)))
  const close = async () => {
    client.end()
    stream.destroy()
    await closed
  }
  try {
    await logIn(client, stream, lost.signal)
    const sftp = await startSftp(client, lost.signal)
    if (sftp) return { sftp, lost: lost.signal, close }
  } catch (error) {
    await close()
    throw error
  }
  await close()
  return undefined
}

// The gateway has let us in already; the sandbox's server asks for nothing more, and its key is new at every start.
function logIn(client: Client, stream: Duplex, lost: AbortSignal): Promise<void> {
  const config: ConnectConfig = {
    sock: stream as NonNullable<ConnectConfig['sock']>,
    username: 'sandbox',
    authHandler: ['none'],
    hostVerifier: () => true,
    algorithms: { cipher: [...CIPHERS] },
  }
  return new Promise((resolve, reject) => {
    client.once('ready', resolve)
    lost.addEventListener('abort', () => reject(lost.reason), { once: true })
    client.connect(config)
  })
}

function startSftp(client: Client, lost: AbortSignal): Promise<SFTPWrapper | undefined> {
  return new Promise((resolve, reject) => {
    lost.addEventListener('abort', () => reject(lost.reason), { once: true })
    client.sftp((error, sftp) => resolve(error ? undefined : sftp))
  })
}

/** The error of a connection that is gone. */
export function lostConnection(cause: unknown): OpenShellError {
  if (cause instanceof OpenShellError) return cause
  return new OpenShellError({
    kind: 'unavailable',
    message: 'The connection to the files of the sandbox was lost.',
    hint: 'Check the state of the sandbox; the operation may be done in part.',
    rpc: 'ForwardTcp',
    retryable: true,
    dispatched: true,
    cause,
  })
}
