import type { ServerChannel, Session } from 'ssh2'
import type { RunningCommand } from './command.js'
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
}

/** Starts what a client wants to run. */
export type Launch = (request: LaunchRequest) => RunningCommand

/** A request's answer; absent when the client wants none. */
type Accept = (() => void) | undefined

/**
 * Serves one session channel: at most one command or shell, with or without a terminal. Subsystems, X11 and agents are
 * refused; variables are accepted and ignored, signals are not delivered.
 */
export function serveSshSession(session: Session, launch: Launch, connectionClosed: AbortSignal): void {
  const sessionClosed = new AbortController()
  const closed = AbortSignal.any([sessionClosed.signal, connectionClosed])
  let terminal: TerminalRequest | undefined
  let command: RunningCommand | undefined
  session.on('close', () => sessionClosed.abort())
  session.on('env', (accept: Accept) => accept?.())
  session.on('pty', (accept: Accept, _reject, { term, cols, rows }) => {
    terminal = { term, size: { columns: cols, rows } }
    accept?.()
  })
  session.on('window-change', (accept: Accept, _reject, { cols, rows }) => {
    command?.resize({ columns: cols, rows })
    accept?.()
  })
  session.on('shell', (accept) => {
    const channel = accept() as ServerChannel | undefined
    if (channel) command = launch({ channel, closed, terminal })
  })
  session.on('exec', (accept, _reject, { command: text }) => {
    // At once: the client sends EOF behind the request, and after that there is nothing left to accept.
    const channel = accept() as ServerChannel | undefined
    const line = text.trim()
    // An empty line runs nothing, and the channel stays open.
    if (channel && line !== '') command = launch({ channel, closed, line, terminal })
  })
}
