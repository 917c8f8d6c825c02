import { chunk } from '../checks/option-shapes.js'
import { requireArguments } from '../checks/require-arguments.js'
import { OpenShellError } from '../errors/openshell-error.js'
import type { ExecFeatures } from '../wire/exec-calls.js'
import { CommandHandle, type CommandHandleParts } from './command-handle.js'
import type { InputQueue } from './input-queue.js'

/** What a terminal takes for the end of its input, at the start of a line. */
const END_OF_TRANSMISSION = new Uint8Array([4])

/** What a handle is made of. */
export interface TerminalParts extends CommandHandleParts {
  readonly inputs: InputQueue
  readonly tty: boolean
  readonly features: ExecFeatures
}

/**
 * A command that takes input while it runs. Iterate it for its output; reading slowly slows the command down, and so an unread
 * handle holds no more than the connection's window.
 */
export class TerminalHandle extends CommandHandle {
  readonly #inputs: InputQueue
  readonly #tty: boolean
  readonly #features: ExecFeatures

  /** @internal Handles come from `commands.interactive`. */
  constructor({ inputs, tty, features, ...parts }: TerminalParts) {
    super(parts)
    this.#inputs = inputs
    this.#tty = tty
    this.#features = features
  }

  /**
   * Sends input. Resolves when the connection has taken it, so that awaiting it keeps a fast writer in step. Rejects with kind
   * `failed-precondition` when the input or the command has ended.
   */
  async write(data: string | Uint8Array): Promise<void> {
    requireArguments('handle.write', { data: [data, chunk] })
    try {
      await this.#inputs.write(typeof data === 'string' ? new TextEncoder().encode(data) : data)
    } catch (cause) {
      throw new OpenShellError({
        kind: 'failed-precondition',
        message: 'ExecSandboxInteractive: the command takes no more input, because it or its input has ended.',
        cause,
      })
    }
  }

  /** Tells the terminal its new size, 1 to 65535 each. Does nothing for a command with pipes. */
  resize(cols: number, rows: number): void {
    for (const [field, value] of Object.entries({ cols, rows })) {
      if (!Number.isInteger(value) || value < 1 || value > 65_535) throw badSize(field)
    }
    if (this.#tty) this.#inputs.resize(cols, rows)
  }

  /**
   * Ends the input behind what was written. A terminal gets Ctrl-D, which ends input at the start of a line. Throws kind `unsupported`
   * for a command with pipes on line 0.0, where the end of the input would cost the command's output and exit.
   */
  async closeInput(): Promise<void> {
    if (!this.#tty && !this.#features.inputEnds) throw cannotEndInput()
    if (this.#tty) await this.write(END_OF_TRANSMISSION)
    if (this.#features.inputEnds) this.#inputs.end()
  }
}

function badSize(field: string): OpenShellError {
  return new OpenShellError({
    kind: 'invalid-argument',
    message: `Terminal size: ${field} must be a whole number from 1 to 65535.`,
    violations: [{ field, description: 'must be a whole number from 1 to 65535', reason: 'OUT_OF_RANGE' }],
  })
}

function cannotEndInput(): OpenShellError {
  return new OpenShellError({
    kind: 'unsupported',
    message: 'ExecSandboxInteractive: gateways of line 0.0 cannot end the input of a command with pipes.',
    hint: 'Give the whole input to commands.run or commands.start as stdin, use tty: true, or let the command read a known number of bytes. Gateways from 0.1.0 can end it.',
  })
}
