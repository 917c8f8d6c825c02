import { setMaxListeners } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Client, ConnectConfig, SFTPWrapper } from 'ssh2'
import { OpenShellError } from '../errors/openshell-error.js'
import { hostKeyHasFingerprint } from '../ssh/host-key.js'
import { loadSsh2 } from './load-ssh2.js'

/** A connection to the SSH server of a sandbox. */
export interface SshStream extends Duplex {
  /** Fingerprint of the host key that the server must have; any key will do when absent. */
  readonly hostKeyFingerprint?: string | undefined
}

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
 * no ssh2. Throws kind `internal` when the server has another host key than the one that the gateway names.
 */
export async function openSftp(stream: SshStream): Promise<SftpConnection | undefined> {
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

// The gateway has let us in already, and the sandbox's server asks for nothing more. Its key is new at every start; on line 0.1 the
// gateway says which one it is, once it has seen it.
function logIn(client: Client, stream: SshStream, lost: AbortSignal): Promise<void> {
  const { hostKeyFingerprint: expected } = stream
  let isOther = false
  const config: ConnectConfig = {
    sock: stream as NonNullable<ConnectConfig['sock']>,
    username: 'sandbox',
    authHandler: ['none'],
    hostVerifier: (key: Buffer) => {
      isOther = expected !== undefined && !hostKeyHasFingerprint(key, expected)
      return !isOther
    },
    algorithms: { cipher: [...CIPHERS] },
  }
  return new Promise((resolve, reject) => {
    client.once('ready', resolve)
    lost.addEventListener('abort', () => reject(isOther ? otherHostKey(expected) : lost.reason), { once: true })
    client.connect(config)
  })
}

function startSftp(client: Client, lost: AbortSignal): Promise<SFTPWrapper | undefined> {
  return new Promise((resolve, reject) => {
    lost.addEventListener('abort', () => reject(lost.reason), { once: true })
    client.sftp((error, sftp) => resolve(error ? undefined : sftp))
  })
}

function otherHostKey(expected: string | undefined): OpenShellError {
  return new OpenShellError({
    kind: 'internal',
    message: `The SSH server of the sandbox has another host key than the gateway names, which is ${expected}.`,
    hint: 'Nothing was sent. Start the sandbox again; if that does not help, something stands between it and the gateway.',
    rpc: 'ForwardTcp',
    dispatched: false,
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
