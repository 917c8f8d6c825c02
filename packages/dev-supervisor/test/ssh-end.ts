import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client, ClientChannel, ExecOptions, PseudoTtyOptions } from 'ssh2'

/** What a command gave back. */
export interface CommandResult {
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** Absent when the channel closed without one. */
  readonly exitStatus?: number | undefined
}

type Protocol = {
  windowChange(recipient: number, rows: number, columns: number, height: number, width: number): void
  subsystem(recipient: number, name: string, wantReply: boolean): void
  env(recipient: number, key: string, value: string, wantReply: boolean): void
  exec(recipient: number, line: string, wantReply: boolean): void
  channelEOF(recipient: number): void
}

/** An SSH client over a relay. */
export class SshEnd {
  readonly client: Client
  readonly relay: Duplex

  constructor(client: Client, relay: Duplex) {
    this.client = client
    this.relay = relay
  }

  /** Starts a command; EOF and everything else is the caller's. */
  exec(line: string, options: ExecOptions = {}): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.client.exec(line, options, (error, channel) => (error ? reject(error) : resolve(watchExit(channel))))
    })
  }

  /** Starts a shell, on a terminal or (`false`) with pipes. */
  shell(terminal: PseudoTtyOptions | false): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.client.shell(terminal, (error, channel) => (error ? reject(error) : resolve(watchExit(channel))))
    })
  }

  /** Asks for a subsystem. */
  subsystem(name: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.client.subsys(name, (error, channel) => (error ? reject(error) : resolve(channel)))
    })
  }

  /** Attaches to the main process. */
  attach(environment: Readonly<Record<string, string>> = {}): Promise<ClientChannel> {
    // The library sends variables with commands only; a subsystem's channel takes them too.
    const { _protocol: protocol } = this.client as unknown as { _protocol: Protocol }
    const request = protocol.subsystem
    protocol.subsystem = (recipient, name, wantReply) => {
      for (const [key, value] of Object.entries(environment)) protocol.env(recipient, key, value, false)
      request.call(protocol, recipient, name, wantReply)
    }
    return this.subsystem('openshell-main')
      .then(watchExit)
      .finally(() => {
        protocol.subsystem = request
      })
  }

  /** Changes the size of a channel's terminal; the library does so for shells only. */
  resize(channel: ClientChannel, { rows, columns }: { readonly rows: number; readonly columns: number }): void {
    const { _protocol: protocol } = this.client as unknown as { _protocol: Protocol }
    const { outgoing } = channel as unknown as { readonly outgoing: { readonly id: number } }
    protocol.windowChange(outgoing.id, rows, columns, 0, 0)
  }

  /** Connects to a port of the sandbox. */
  forward(host: string, port: number): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      this.client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel)))
    })
  }

  /** Sends EOF behind each command's request without waiting for the answer, as the gateway's client does. */
  pipelineEof(): void {
    const { _protocol: protocol } = this.client as unknown as { _protocol: Protocol }
    const exec = protocol.exec.bind(protocol)
    protocol.exec = (recipient, line, wantReply) => {
      exec(recipient, line, wantReply)
      protocol.channelEOF(recipient)
    }
  }

  /** Sends each command's request twice. */
  repeatExec(): void {
    const { _protocol: protocol } = this.client as unknown as { _protocol: Protocol }
    const exec = protocol.exec.bind(protocol)
    protocol.exec = (recipient, line, wantReply) => {
      exec(recipient, line, wantReply)
      exec(recipient, line, false)
    }
  }

  /** Runs a command to its end. */
  async run(line: string, input: Uint8Array | string = ''): Promise<CommandResult> {
    const channel = await this.exec(line)
    channel.end(input)
    return collect(channel)
  }

  /** Ends the connection; resolves when the supervisor has ended its side of the relay. */
  async end(): Promise<void> {
    const closed = once(this.relay, 'close')
    this.client.end()
    await closed
  }
}

/** Makes a client slow: it stops for a while (one turn of the event loop by default) each time it has read that much. */
export interface SlowReading {
  readonly pauseEveryBytes: number
  readonly pauseMs?: number
}

// A short command has ended before whoever started it can listen.
const exitStatuses = new WeakMap<ClientChannel, number>()

function watchExit(channel: ClientChannel): ClientChannel {
  return channel.on('exit', (code: number | null) => {
    if (code !== null) exitStatuses.set(channel, code)
  })
}

/** Waits for the end of a command. */
export async function collect(channel: ClientChannel, slow?: SlowReading): Promise<CommandResult> {
  const closed = once(channel, 'close')
  const [stdout, stderr] = await Promise.all([readAll(channel, slow), readAll(channel.stderr, slow)])
  await closed
  return { stdout, stderr, exitStatus: exitStatuses.get(channel) }
}

async function readAll(source: AsyncIterable<Buffer>, slow: SlowReading | undefined): Promise<Buffer> {
  const chunks: Buffer[] = []
  let untilPause = slow?.pauseEveryBytes ?? Number.POSITIVE_INFINITY
  for await (const chunk of source) {
    chunks.push(chunk)
    untilPause -= chunk.length
    if (untilPause > 0 || !slow) continue
    untilPause = slow.pauseEveryBytes
    await delay(slow.pauseMs ?? 0)
  }
  return Buffer.concat(chunks)
}
