import { status as Code, type ServiceError } from '@grpc/grpc-js'
import type { GetSandboxConfigResponse } from '@openshell-ts/protocol/v0-1'
import type { Logger } from 'pino'
import type { LaterReference } from './later-gateway.js'

/** What reading the configuration of the own sandbox needs. */
export interface LaterConfigOptions {
  readonly read: (reference: LaterReference) => Promise<GetSandboxConfigResponse>
  readonly sandboxId: string
  /** The sandbox's name; absent when the launch told none. */
  readonly sandboxName?: string | undefined
  readonly logger: Logger
}

const UNKNOWN_NAME: ReadonlySet<number | undefined> = new Set([
  Code.NOT_FOUND,
  Code.PERMISSION_DENIED,
  Code.INVALID_ARGUMENT,
])

/**
 * The configuration of the own sandbox at a gateway of line 0.1: by name and workspace as that line has it, and by id while the
 * name is unknown here or there. The workspace is known from the first answer on.
 */
export class LaterConfig {
  readonly #options: LaterConfigOptions
  #name: string | undefined
  #workspace: string | undefined

  constructor(options: LaterConfigOptions) {
    this.#options = options
    this.#name = options.sandboxName || undefined
  }

  /** Reads it. Rejects with the gateway's status. */
  async read(): Promise<GetSandboxConfigResponse> {
    const config = await this.#readByName()
    if (!config) return this.#options.read({ name: this.#options.sandboxId })
    this.#workspace = config.workspace
    return config
  }

  async #readByName(): Promise<GetSandboxConfigResponse | undefined> {
    if (this.#name === undefined) return undefined
    try {
      return await this.#options.read({ name: this.#name, workspace: this.#workspace })
    } catch (error) {
      if (!UNKNOWN_NAME.has((error as Partial<ServiceError>).code)) throw error
      this.#name = undefined
      this.#options.logger.debug('the gateway does not know the sandbox by its name; naming it by its id')
      return undefined
    }
  }
}
