import type { ServerChannel, Session, SFTPWrapper } from 'ssh2'
import type { RunningCommand } from './command.js'
import type { Attachment, AttachRequest } from './main-console.js'
import type { TerminalSize } from './terminal.js'

/** The terminal that a client has asked for. */
export interface TerminalRequest {
  /** Its type, for TERM. */
  readonly term: string
  readonly size: TerminalSize
}

/** What a client wants to run. */
export interface LaunchRequest {
  readonly channel: ServerChannel
  /** Aborts when the client has closed the channel or the connection is gone. */
  readonly closed: AbortSignal
  /** The command line for the shell; absent for an interactive shell. */
  readonly line?: string | undefined
  /** Absent for pipes. */
  readonly terminal?: TerminalRequest | undefined
  /** Whether the shell reads no profile. */
  readonly withoutProfile: boolean
}

/** Starts what a client wants to run. */
export type Launch = (request: LaunchRequest) => RunningCommand

/** What session channels lead to. */
export interface SshServices {
  readonly launch: Launch
  /** Attaches a client to the main process. */
  readonly attach: (request: AttachRequest) => Attachment
  /** Serves the sandbox's files. */
  readonly serveSftp: (sftp: SFTPWrapper) => void
}

/** The subsystem that attaches to the main process. */
const MAIN_SUBSYSTEM = 'openshell-main'

/** Set to `1` by a client that only wants to watch the main process. */
const READ_ONLY_VARIABLE = 'OPENSHELL_MAIN_READ_ONLY'

/** Set to `1` by a gateway of line 0.1 before a command whose shell shall read no profile. */
const NO_LOGIN_SHELL_VARIABLE = 'OPENSHELL_NO_LOGIN_SHELL'

/** The signals that reach the main process. */
const SIGNALS = new Set(['HUP', 'INT', 'KILL', 'QUIT', 'TERM'])

/** A request's answer; absent when the client wants none. */
type Accept = (() => void) | undefined

/**
 * Serves one session channel: one command, shell, attachment to the main process or SFTP session. Other subsystems, X11 and
 * agents are refused; two variables mean something, the others are accepted and ignored; signals reach the main process only.
 */
export function serveSshSession(session: Session, services: SshServices, connectionClosed: AbortSignal): void {
  const sessionClosed = new AbortController()
  const closed = AbortSignal.any([sessionClosed.signal, connectionClosed])
  const variables = new Map<string, string>()
  let terminal: TerminalRequest | undefined
  let command: RunningCommand | undefined
  let attachment: Attachment | undefined
  const isSet = (name: string) => variables.get(name) === '1'
  const launch = (channel: ServerChannel, line?: string) => {
    command = services.launch({ channel, closed, line, terminal, withoutProfile: isSet(NO_LOGIN_SHELL_VARIABLE) })
  }
  session.on('close', () => sessionClosed.abort())
  session.on('env', (accept: Accept, _reject, { key, val }) => {
    if (key === READ_ONLY_VARIABLE || key === NO_LOGIN_SHELL_VARIABLE) variables.set(key, val)
    accept?.()
  })
  session.on('pty', (accept: Accept, _reject, { term, cols, rows }) => {
    terminal = { term, size: { columns: cols, rows } }
    accept?.()
  })
  session.on('window-change', (accept: Accept, _reject, { cols, rows }) => {
    const size = { columns: cols, rows }
    command?.resize(size)
    attachment?.resize(size)
    accept?.()
  })
  session.on('signal', (accept: Accept, _reject, { name }) => {
    if (SIGNALS.has(name)) attachment?.signal(`SIG${name}` as NodeJS.Signals)
    accept?.()
  })
  session.on('shell', (accept) => {
    const channel = accept() as ServerChannel | undefined
    if (channel) launch(channel)
  })
  session.on('exec', (accept, _reject, { command: text }) => {
    // At once: the client sends EOF behind the request, and after that there is nothing left to accept.
    const channel = accept() as ServerChannel | undefined
    const line = text.trim()
    // An empty line runs nothing, and the channel stays open.
    if (channel && line !== '') launch(channel, line)
  })
  session.on('subsystem', (accept, reject: Accept, { name }) => {
    const channel = name === MAIN_SUBSYSTEM ? (accept() as ServerChannel | undefined) : reject?.()
    if (!channel) return
    attachment = services.attach({ channel, closed, readOnly: isSet(READ_ONLY_VARIABLE), size: terminal?.size })
  })
  session.on('sftp', (accept) => {
    const sftp = accept() as SFTPWrapper | undefined
    if (sftp) services.serveSftp(sftp)
  })
}
