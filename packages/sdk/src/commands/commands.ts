import { checkExec } from '../checks/check-exec.js'
import { refuseUnknownOptions } from '../checks/refuse-unknown-options.js'
import { throwViolations } from '../checks/throw-violations.js'
import type { ClientContext } from '../client-context.js'
import { CommandFailedError } from '../command-failed-error.js'
import type { ExecRequest } from '../wire/exec-calls.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { collectResult } from './collect-result.js'
import { CommandHandle } from './command-handle.js'
import type { CommandRunOptions, CommandStartOptions } from './command-options.js'
import type { CommandResult } from './command-result.js'
import { execEvents } from './exec-events.js'
import { readStdin } from './read-stdin.js'

const START_OPTIONS = ['cwd', 'environment', 'stdin', 'timeoutMs', 'signal']
const RUN_OPTIONS = [...START_OPTIONS, 'maxOutputBytes', 'onStdout', 'onStderr', 'check']
const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024

/** Runs commands in a sandbox that is ready. */
export class Commands {
  readonly #context: ClientContext
  readonly #address: SandboxAddress

  /** @internal Comes with a `Sandbox`. */
  constructor(context: ClientContext, address: SandboxAddress) {
    this.#context = context
    this.#address = address
  }

  /**
   * Runs a command to its end and returns its output and exit code; a code other than 0 is a result. A list is run as it is,
   * a text by `bash -c`. Throws `ExecResultUnknownError` when the end is never reported. Aborting does not stop the command.
   */
  async run(command: string | readonly string[], options: CommandRunOptions = {}): Promise<CommandResult> {
    refuseUnknownOptions('commands.run', options, RUN_OPTIONS)
    const request = await this.#toRequest(command, options)
    const result = await collectResult(execEvents(this.#context.gateway, this.#address, request, options.signal), {
      ...options,
      maxOutputBytes: options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES,
      limitMs: request.timeoutMs,
    })
    if (options.check && result.exitCode !== 0) throw new CommandFailedError(result, this.#address.name)
    return result
  }

  /** Starts a command and returns a handle to read it by. Dispose or detach the handle when you stop reading early. */
  async start(command: string | readonly string[], options: CommandStartOptions = {}): Promise<CommandHandle> {
    refuseUnknownOptions('commands.start', options, START_OPTIONS)
    const request = await this.#toRequest(command, options)
    const stop = new AbortController()
    const events = execEvents(this.#context.gateway, this.#address, request, options.signal, stop.signal)
    return new CommandHandle(events, stop)
  }

  async #toRequest(command: string | readonly string[], options: CommandStartOptions): Promise<ExecRequest> {
    const { cwd = '', environment = {}, timeoutMs = 0 } = options
    const request = {
      command: typeof command === 'string' ? ['bash', '-c', command] : [...command],
      cwd,
      environment,
      timeoutMs,
    }
    if (this.#context.clientChecks === 'on') throwViolations('ExecSandbox', checkExec(request))
    return { ...request, stdin: await readStdin(options.stdin) }
  }
}
