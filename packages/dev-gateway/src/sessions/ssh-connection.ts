import { createHash } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { status } from '@grpc/grpc-js'
import { Client, type ClientChannel, type ExecOptions } from 'ssh2'
import { permissionDenied, StatusError } from '../errors/status-error.js'

/** A terminal's size, in characters. */
export interface TerminalSize {
  readonly cols: number
  readonly rows: number
}

/** The fingerprint of a host key in OpenSSH's form, such as `SHA256:…`. */
function fingerprintOf(key: Buffer | string): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/**
 * Logs in to the SSH server behind a relay, as user `sandbox` without authentication. Any host key is accepted: the relay
 * itself proves where the bytes come from. `onHostKey` hears its fingerprint.
 *
 * @throws StatusError PERMISSION_DENIED when the sandbox refuses the login, INTERNAL when the connection breaks.
 */
export function connectSsh(relay: Duplex, onHostKey?: (fingerprint: string) => void): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new Client()
    const broken = () => reject(new StatusError(status.INTERNAL, 'failed to establish ssh transport: Disconnected'))
    client.once('ready', () => {
      client.off('close', broken)
      resolve(client)
    })
    client.once('close', broken)
    client.on('error', (error) => {
      if ('level' in error && error.level === 'client-authentication') {
        reject(permissionDenied('ssh authentication rejected by sandbox'))
      } else broken()
      client.destroy()
    })
    client.connect({
      sock: relay,
      ident: 'russh_0.62.5',
      username: 'sandbox',
      authHandler: ['none'],
      hostVerifier: (key: Buffer | string) => {
        onHostKey?.(fingerprintOf(key))
        return true
      },
      readyTimeout: 0,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 4,
    })
  })
}

/** How a channel is opened. */
export interface ExecChannelOptions {
  /** Asks for a terminal of that size, with standard error merged into its output. */
  readonly terminal?: TerminalSize | undefined
  /** Variables for the shell itself. */
  readonly environment?: Readonly<Record<string, string>> | undefined
}

/**
 * Runs a command in a new channel. `use` gets the channel at the moment in which it opens: a quick command's exit status may have
 * come with it, and whoever listens later would miss it. Resolves as what `use` returns.
 */
export function openExecChannel<Result>(
  client: Client,
  command: string,
  { terminal, environment }: ExecChannelOptions,
  use: (channel: ClientChannel) => Promise<Result>,
): Promise<Result> {
  const options: ExecOptions = {
    ...(environment && { env: { ...environment } }),
    ...(terminal && {
      pty: { term: 'xterm-256color', cols: terminal.cols, rows: terminal.rows, width: 0, height: 0, modes: {} },
    }),
  }
  return new Promise((resolve, reject) => {
    const lost = () => reject(channelFailed())
    client.once('close', lost)
    client.exec(command, options, (error, channel) => {
      client.off('close', lost)
      if (error) reject(channelFailed())
      else resolve(use(channel))
    })
  })
}

function channelFailed(): StatusError {
  return new StatusError(status.INTERNAL, 'failed to open ssh channel: Failed to open channel (ConnectFailed)')
}
