import type { ClientContext } from '../calls/client-context.js'
import { SameSandbox } from '../calls/same-sandbox.js'
import { checkOptions } from '../checks/check-options.js'
import { type OptionShape, texts } from '../checks/option-shapes.js'
import { refuseUnusedOptions } from '../checks/refuse-unused-options.js'
import { requireArguments } from '../checks/require-arguments.js'
import { runClientChecks } from '../checks/run-client-checks.js'
import { OpenShellError } from '../errors/openshell-error.js'
import type { ExecFeatures, InteractiveRequest } from '../wire/exec-calls.js'
import type { ExecOutput } from '../wire/exec-output.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import type { WireCall } from '../wire/wire-call.js'
import type { WireCodec } from '../wire/wire-codec.js'
import { checkExec } from './check-exec.js'
import { collectOutput, collectResult } from './collect-result.js'
import type { CommandEvent } from './command-event.js'
import { CommandFailedError } from './command-failed-error.js'
import { CommandHandle, type CommandHandleParts } from './command-handle.js'
import type {
  CommandInputOptions,
  CommandInteractiveOptions,
  CommandOptions,
  CommandRunOptions,
  CommandStartOptions,
  KillableOptions,
} from './command-options.js'
import type { CommandResult } from './command-result.js'
import { execEvents } from './exec-events.js'
import { InputQueue } from './input-queue.js'
import { interactiveEvents } from './interactive-events.js'
import { signalCommand, toKillable } from './killable-command.js'
import { readStdin, roomForStdin, toPieces } from './read-stdin.js'
import { stageStdin } from './stage-stdin.js'
import { TerminalHandle } from './terminal-handle.js'

const COMMAND_OPTIONS = ['cwd', 'environment', 'timeoutMs', 'loginShell', 'requestId', 'signal', 'tty']
const START_OPTIONS = [...COMMAND_OPTIONS, 'stdin', 'killable']
const RUN_OPTIONS = [...COMMAND_OPTIONS, 'stdin', 'maxOutputBytes', 'onStdout', 'onStderr', 'check']
const INTERACTIVE_OPTIONS = [...COMMAND_OPTIONS, 'cols', 'rows', 'killable']
const commandShape: OptionShape = {
  must: 'be a text for a shell, or a list of texts',
  fits: (value) => typeof value === 'string' || texts.fits(value),
}
const ON_TERMINAL = { needs: 'pipes', hint: 'On a terminal stderr arrives as stdout: use onStdout, or leave out tty.' }
const DEFAULT_MAX_OUTPUT_BYTES = 16 * 1024 * 1024

type Events = AsyncGenerator<CommandEvent, void, undefined>
type IdentifiedRequest = InteractiveRequest & { readonly requestId?: string | undefined }

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
    checkOptions('commands.run', options, RUN_OPTIONS)
    if (options.tty) refuseUnusedOptions('commands.run', options, ['onStderr'], ON_TERMINAL)
    const request = this.#toRequest(command, options)
    const output = collectOutput(options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES)
    const isHeard = options.onStdout !== undefined || options.onStderr !== undefined
    const events = await this.#events(request, options, undefined, isHeard ? undefined : output)
    const result = await collectResult(events, output, options)
    if (options.check && result.exitCode !== 0) throw new CommandFailedError(result, this.#address.name)
    return result
  }

  /** Starts a command and returns a handle to read it by. Dispose or detach the handle when you stop reading early. */
  async start(command: string | readonly string[], options: CommandStartOptions = {}): Promise<CommandHandle> {
    checkOptions('commands.start', options, START_OPTIONS)
    const { request, kill } = this.#asKillable(this.#toRequest(command, options), options)
    const stop = new AbortController()
    const events = await this.#events(request, options, stop.signal)
    return new CommandHandle({ events, stop, kill })
  }

  /**
   * Starts a command that takes input while it runs, on a terminal unless `tty` is false. Dispose or detach the handle when you stop
   * reading early: the gateway lets go of the command then, which may go on.
   */
  async interactive(
    command: string | readonly string[],
    options: CommandInteractiveOptions = {},
  ): Promise<TerminalHandle> {
    checkOptions('commands.interactive', options, INTERACTIVE_OPTIONS)
    if (options.tty === false)
      refuseUnusedOptions('commands.interactive', options, ['cols', 'rows'], { needs: 'tty: true' })
    const { request, kill } = this.#asKillable(
      this.#toRequest(command, { ...options, tty: options.tty ?? true }),
      options,
    )
    const features = await this.#features(options)
    const inputs = new InputQueue()
    const stop = new AbortController()
    const { requestId } = options
    const parts = { gateway: this.#context.gateway, address: this.#address, request, inputs, features, requestId }
    const events = interactiveEvents(parts, options.signal, stop.signal)
    return new TerminalHandle({ events, stop, kill, inputs, tty: request.tty, features })
  }

  /** The command under a shell that notes where it is, if that is asked for. */
  #asKillable(request: InteractiveRequest, { killable = false, requestId }: CommandOptions & KillableOptions) {
    if (!killable) return { request, kill: undefined }
    // A run that is repeated under its id must be the same.
    const id = requestId ?? crypto.randomUUID()
    const { environment, loginShell } = request
    const kill: CommandHandleParts['kill'] = (processSignal, signal) =>
      signalCommand(
        (command) => this.run(command, { environment, loginShell, ...(signal && { signal }) }),
        id,
        processSignal,
      )
    return { request: { ...request, command: toKillable(request.command, id) }, kill }
  }

  /** Sends a command in the way that suits its input. A way that can do so gives the output to who takes it as it arrives. */
  async #events(
    request: InteractiveRequest,
    { stdin, signal, requestId }: CommandInputOptions,
    stop: AbortSignal | undefined,
    output?: ExecOutput,
  ): Promise<Events> {
    const features = await this.#features({ loginShell: request.loginShell, ...(signal && { signal }) })
    const isIterable = typeof stdin === 'object' && !(stdin instanceof Uint8Array)
    if (isIterable && features.inputEnds && !request.tty)
      return this.#feed({ ...request, requestId }, toPieces(stdin), signal, stop)
    const input = await readStdin(stdin, roomForStdin(request))
    if (input.type === 'whole') return this.#unary({ ...request, requestId }, input.bytes, output, signal, stop)
    if (features.inputEnds && !request.tty) return this.#feed({ ...request, requestId }, input.pieces, signal, stop)
    const script = { ...request, cwd: '', environment: {}, timeoutMs: 0, tty: false }
    const command = await stageStdin(request.command, input.pieces, (line, bytes) =>
      collectResult(
        this.#unary({ ...script, command: line }, bytes, undefined, signal, stop),
        collectOutput(DEFAULT_MAX_OUTPUT_BYTES),
      ),
    )
    return this.#unary({ ...request, command, requestId }, new Uint8Array(), output, signal, stop)
  }

  #unary(
    { requestId, ...request }: IdentifiedRequest,
    stdin: Uint8Array,
    output: ExecOutput | undefined,
    ...signals: (AbortSignal | undefined)[]
  ): Events {
    const plan = {
      rpc: 'ExecSandbox' as const,
      sandboxName: this.#address.name,
      timeoutMs: request.timeoutMs,
      requestId,
      open: (codec: WireCodec, call: WireCall) => codec.exec.run(this.#address, { ...request, stdin }, call, output),
    }
    return execEvents(this.#context.gateway, plan, ...signals)
  }

  #feed(
    { requestId, ...request }: IdentifiedRequest,
    pieces: AsyncIterable<Uint8Array>,
    ...signals: (AbortSignal | undefined)[]
  ): Events {
    const features: ExecFeatures = { inputEnds: true, loginShellIsOptional: true }
    const parts = {
      gateway: this.#context.gateway,
      address: this.#address,
      request,
      inputs: new InputQueue(),
      features,
      requestId,
    }
    return interactiveEvents({ ...parts, pieces }, ...signals)
  }

  /** What the line can do for a command that is about to be sent to this very sandbox. */
  async #features({ loginShell = true, signal }: CommandOptions): Promise<ExecFeatures> {
    const scope = { rpc: 'ExecSandbox', sandboxName: this.#address.name, signal }
    const { gateway } = this.#context
    const { features, line } = await gateway.look(scope, ({ exec, line }) => ({ features: exec.features, line }))
    if (!loginShell && !features.loginShellIsOptional) throw noOptionalLoginShell()
    // Line 0.0 takes commands by id.
    if (line !== '0.0') await new SameSandbox(gateway, this.#address).require(signal)
    return features
  }

  #toRequest(
    command: string | readonly string[],
    options: CommandOptions & Pick<CommandInteractiveOptions, 'tty' | 'cols' | 'rows'>,
  ): InteractiveRequest {
    const { cwd = '', environment = {}, timeoutMs = 0, loginShell = true, tty = false, cols = 0, rows = 0 } = options
    requireArguments('commands', { command: [command, commandShape] })
    const argv = typeof command === 'string' ? ['bash', '-c', command] : [...command]
    const request = { command: argv, cwd, environment, timeoutMs, loginShell, tty, cols, rows }
    runClientChecks(this.#context, 'ExecSandbox', () => checkExec(request))
    return request
  }
}

function noOptionalLoginShell(): OpenShellError {
  return new OpenShellError({
    kind: 'unsupported',
    message: 'Option loginShell: gateways of line 0.0 always run commands in a login shell.',
    hint: 'Leave the option out, or connect to a gateway from 0.1.0.',
  })
}
