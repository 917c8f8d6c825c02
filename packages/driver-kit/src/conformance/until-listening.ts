import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const pollMs = 20

/** Whether something accepts connections on the socket. */
export function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socketPath)
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.once('error', () => resolve(false))
  })
}

/** Resolves with whether something accepts connections on the socket before the signal aborts. */
export async function untilListening(socketPath: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await isListening(socketPath)) return true
    await pause(pollMs)
  }
  return false
}
