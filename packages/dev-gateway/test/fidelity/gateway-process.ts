import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ReplayedGateway, StartOutcome, StopOutcome } from './replayed-gateway.js'

const program = fileURLToPath(new URL('../../bin/openshell-dev-gateway.js', import.meta.url))

/** A gateway in a process of its own, which can be killed. It runs what is built. */
export class GatewayProcess implements ReplayedGateway {
  readonly #command: readonly string[]
  #child: ChildProcess | undefined
  address = ''
  healthPort = 0

  constructor(command: readonly string[]) {
    this.#command = command
  }

  async start(): Promise<StartOutcome> {
    const child = spawn(process.execPath, [program, ...this.#command, '--gateway-version', '0.0.0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    this.#child = child
    for await (const line of createInterface({ input: child.stdout })) {
      const [, what, port] = /^(health: )?http:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? []
      if (what === undefined) this.address = `127.0.0.1:${port}`
      else {
        this.healthPort = Number(port)
        return { ready: true }
      }
    }
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
    return { ready: false, exit_code: code }
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<StopOutcome> {
    const child = this.#child
    if (!child || child.exitCode !== null) return { exit_code: child?.exitCode ?? null }
    child.kill(signal)
    const [code] = await once(child, 'exit')
    return { exit_code: code }
  }

  async dispose(): Promise<void> {
    if (this.#child?.signalCode === null) await this.stop('SIGKILL')
  }
}
