import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { WireLine } from '@openshell-ts/dev-gateway'

const program = fileURLToPath(
  new URL('bin/openshell-dev-gateway.js', import.meta.resolve('@openshell-ts/dev-gateway/package.json')),
)

/** The gateway's command as people start it: its sandboxes are supervisors in processes of their own, and run commands. */
export class GatewayCommand implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #folder: string
  /** The TCP port on which it serves. */
  readonly port: number

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#child = child
    this.#folder = folder
    this.port = port
  }

  /** Starts it, and resolves when it serves. */
  static async start(line: WireLine): Promise<GatewayCommand> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'))
    const child = spawn(process.execPath, [program, '--run-commands', '--port', '0', '--line', line], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const text of createInterface({ input: child.stdout })) {
      return new GatewayCommand(child, folder, Number(new URL(text).port))
    }
    throw new Error('The gateway ended before it said where it serves.')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await exited
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
