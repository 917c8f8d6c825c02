import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeOwnFolder } from '../files/own-folder.js'
import type { SimulatedSandbox } from '../simulated-driver/simulated-driver.js'

/** How supervisors are started. */
export interface SupervisorProcessesOptions {
  /** The file of their program. */
  readonly program: string
  /** Holds a folder for each sandbox, and is created when it is missing. Absent: a temporary one, which is removed at the end. */
  readonly directory: string | undefined
  /** The folder with `ca.crt`, `tls.crt` and `tls.key` for an `https` endpoint; absent for plaintext. */
  readonly tlsDirectory: string | undefined
  readonly logLevel: string
}

// The program knows nothing of who started it. With this line it also ends when the gateway is killed, and its sandbox with it.
const endWithGateway = `data:text/javascript,process.once('disconnect',()=>process.kill(process.pid,'SIGTERM'))`

// Nothing here needs a long good-bye: the sandboxes are somebody's tests.
const stopGraceMs = 2_000

/**
 * Supervisors of simulated sandboxes, as processes of this machine. Each sandbox has a folder named after its id; the log of its
 * supervisor and the output of its main process stand beside it, in `ID.log`.
 */
export class SupervisorProcesses {
  readonly #options: SupervisorProcessesOptions
  #directory: string | undefined
  readonly #running = new Set<ChildProcess>()

  constructor(options: SupervisorProcessesOptions) {
    this.#options = options
    this.#directory = options.directory && resolve(options.directory)
  }

  /** Starts the supervisor of a sandbox; leaving the scope of what it returns ends it. Rejects when it cannot be started. */
  async start(sandbox: SimulatedSandbox): Promise<AsyncDisposable> {
    const { program, logLevel } = this.#options
    if (sandbox.token === '') {
      throw new Error(
        'A supervisor needs a sandbox token: add [openshell.gateway.gateway_jwt] to the configuration file.',
      )
    }
    this.#directory ??= mkdtempSync(join(tmpdir(), 'openshell-dev-gateway-'))
    const folder = join(this.#directory, sandbox.sandboxId)
    makeOwnFolder(folder)
    const args = ['--import', endWithGateway, program, '--workdir', folder, '--stop-grace-ms', String(stopGraceMs)]
    const log = openSync(`${folder}.log`, 'a', 0o600)
    const child = spawn(process.execPath, args, {
      // Ctrl-C in a terminal is for the gateway, which lets its sandboxes end as what they are.
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: {
        OPENSHELL_LOG_LEVEL: logLevel,
        ...supervisorVariables(sandbox),
        ...tlsVariables(this.#options.tlsDirectory),
      },
    })
    closeSync(log)
    this.#running.add(child)
    child.once('close', () => this.#running.delete(child))
    await once(child, 'spawn')
    return { [Symbol.asyncDispose]: () => this.#stop(child) }
  }

  /** Ends all that run, and removes what is temporary. */
  async end(): Promise<void> {
    await Promise.all([...this.#running].map((child) => this.#stop(child)))
    const isTemporary = this.#options.directory === undefined
    if (isTemporary && this.#directory !== undefined) await rm(this.#directory, { recursive: true, force: true })
  }

  async #stop(child: ChildProcess): Promise<void> {
    if (!this.#running.has(child)) return
    const closed = once(child, 'close')
    child.kill('SIGTERM')
    await closed
  }
}

// The gateway's own environment stays out of it: it may hold secrets of whoever started the gateway.
function supervisorVariables(sandbox: SimulatedSandbox): NodeJS.ProcessEnv {
  const { endpoint, sandboxId, name, token, command, tty, environment } = sandbox
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    OPENSHELL_ENDPOINT: endpoint,
    OPENSHELL_SANDBOX_ID: sandboxId,
    OPENSHELL_SANDBOX: name,
    OPENSHELL_SANDBOX_TOKEN: token,
    OPENSHELL_USER_ENVIRONMENT: JSON.stringify(environment),
    ...(command.length > 0 && { OPENSHELL_MAIN_PROCESS_SPEC: JSON.stringify({ version: 1, command, tty }) }),
  }
}

function tlsVariables(directory: string | undefined): NodeJS.ProcessEnv {
  if (directory === undefined) return {}
  return {
    OPENSHELL_TLS_CA: resolve(directory, 'ca.crt'),
    OPENSHELL_TLS_CERT: resolve(directory, 'tls.crt'),
    OPENSHELL_TLS_KEY: resolve(directory, 'tls.key'),
  }
}
