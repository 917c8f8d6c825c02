import { once } from 'node:events'
import type { Duplex, Readable } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { timerMs } from '../clock/timer-ms.js'
import { unavailable } from '../errors/status-error.js'
import { type ExecOutput, OutputQueue } from './output-queue.js'
import { connectSsh, openExecChannel, type TerminalSize } from './ssh-connection.js'

/** One command to run in a sandbox. */
export interface ExecRun {
  /** The relay to the sandbox's SSH server; used up by the run. */
  readonly relay: Duplex
  /** The shell line. */
  readonly line: string
  /** Asks for a terminal of this size; absent means pipes. */
  readonly terminal?: TerminalSize | undefined
  /** Variables that are set for the shell itself, before it runs the line. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  /** Limit for connecting, logging in and running, in milliseconds; 0 means none. */
  readonly timeoutMs: number
  /** Receives output in the order in which it came. The command waits while it is busy. */
  readonly onOutput: (output: ExecOutput) => Promise<void>
  /** Hears the fingerprint of the sandbox's host key, before anything runs. */
  readonly onHostKey?: ((fingerprint: string) => void) | undefined
  /** Feeds the command's input. The channel is open and running when it is called. */
  readonly feed: (channel: ClientChannel) => void
}

/** The code of a command that was given up on: what `timeout(1)` answers. */
export const timeoutExitCode = 124

// How long the gateway waits after an exit status for anything that still comes.
const lingerMs = 500
// How long a supervisor may take to close a relay whose command has ended.
const closeLimitMs = 10_000
const exitCodeLimit = 2_147_483_647

/**
 * Runs a command and returns its exit code, or 124 when the time is up; the command itself is not ended then.
 *
 * @throws StatusError UNAVAILABLE when the connection ends without an exit status: the result is unknown.
 */
export async function runExec(run: ExecRun): Promise<number> {
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let patienceMs = closeLimitMs
  const expired = new Promise<number>((resolve) => {
    const expire = () => {
      patienceMs = lingerMs
      resolve(timeoutExitCode)
    }
    if (run.timeoutMs > 0) timer = setTimeout(expire, timerMs(run.timeoutMs))
  })
  const exit = (async () => {
    client = await connectSsh(run.relay, run.onHostKey)
    return await converse(client, run)
  })()
  try {
    const code = await Promise.race([exit, expired])
    await disconnect(client, run.relay, patienceMs)
    return code
  } catch (error) {
    run.relay.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    exit.catch(() => undefined)
  }
}

async function converse(client: Client, run: ExecRun): Promise<number> {
  const exitCode = await openExecChannel(client, run.line, run, (channel) => {
    const code = collect(channel, run.onOutput)
    run.feed(channel)
    return code
  })
  if (exitCode === undefined) throw unavailable('exec relay closed before the command reported an exit status')
  return exitCode
}

function collect(channel: ClientChannel, onOutput: ExecRun['onOutput']): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    let exitCode: number | undefined
    let linger: NodeJS.Timeout | undefined
    const queue = new OutputQueue({ deliver: onOutput, onEmpty: () => heard(), onError: reject })
    const finish = () => {
      clearTimeout(linger)
      void queue.delivered().then(() => resolve(exitCode))
    }
    const heard = () => {
      clearTimeout(linger)
      if (exitCode !== undefined && queue.isEmpty) linger = setTimeout(finish, lingerMs)
    }
    const forward = (stream: Readable, type: ExecOutput['type']) => {
      stream.on('data', (bytes: Buffer) => {
        clearTimeout(linger)
        queue.add(type, bytes, stream)
      })
    }
    forward(channel, 'stdout')
    forward(channel.stderr, 'stderr')
    // A signal alone is no exit status: only a number says how the command ended.
    channel.on('exit', (code: unknown) => {
      if (typeof code === 'number') exitCode = Math.min(code, exitCodeLimit)
      heard()
    })
    // The channel closes when stdout has been read; stderr may still hold output then.
    channel.once('close', () => {
      if (channel.stderr.readableEnded) finish()
      else channel.stderr.once('end', finish)
    })
  })
}

// The answer may only be complete when the relay is: the supervisor frees it when it sees the end. One that does nothing any more,
// which may be why the time was up, is not waited for.
async function disconnect(client: Client | undefined, relay: Duplex, patienceMs: number): Promise<void> {
  if (relay.closed) return
  const closed = once(relay, 'close')
  const impatient = setTimeout(() => relay.destroy(), patienceMs)
  if (client) client.end()
  else relay.destroy()
  await closed.finally(() => clearTimeout(impatient))
}
