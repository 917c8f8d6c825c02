import { status as Code, type ServiceError } from '@grpc/grpc-js'
import type { Logger } from 'pino'
import type { Environment } from './child-environment.js'
import { isRefusal } from './is-refusal.js'
import type { ProviderAnswer } from './provider-answer.js'

/** The state of the providers' variables that a gateway speaks of. */
export type ProviderState = Pick<ProviderAnswer, 'revision' | 'attachmentEpoch'>

/** What the sandbox has of its providers. */
export interface InstalledProviders extends ProviderState {
  /** False when a variable could not be taken. */
  readonly allVariables: boolean
  /** False when files belong to the variables, which are not written here. */
  readonly allFiles: boolean
}

/** Asks the gateway for what the providers bring. */
export type ReadProviders = () => Promise<ProviderAnswer>

/** The kernel takes no longer text for one variable, name and value together. */
const LONGEST_VARIABLE_BYTES = 131_071

/**
 * The variables of the attached providers, for the processes that start from now on. Those that run keep what they have.
 *
 * Printing or serialising it shows no value, and no log line holds one.
 */
export class ProviderEnvironment {
  readonly #logger: Logger
  #variables: ReadonlyMap<string, string> = new Map()
  #answer: Omit<ProviderAnswer, 'variables'> | undefined
  #installed: InstalledProviders | undefined
  #lastFailure: string | undefined

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** What is installed; `undefined` before the gateway has told anything. */
  get installed(): InstalledProviders | undefined {
    return this.#installed
  }

  /** The variables for a process that starts now; values that have ended are left out. */
  variables(nowMs: number): Environment {
    const isValid = (name: string) => (this.#answer?.expiresAtMs.get(name) ?? Number.POSITIVE_INFINITY) > nowMs
    return Object.fromEntries([...this.#variables].filter(([name]) => isValid(name)))
  }

  /** Whether the gateway speaks of another state than the installed one. */
  differsFrom({ revision, attachmentEpoch }: ProviderState): boolean {
    return this.#installed?.revision !== revision || this.#installed.attachmentEpoch !== attachmentEpoch
  }

  /**
   * Installs what the gateway has now. After a failure the last variables stay. Never rejects.
   *
   * Resolves to `false` when the gateway has nothing of the kind, so that it need not be asked again.
   */
  async update(read: ReadProviders): Promise<boolean> {
    try {
      this.#install(await read())
      this.#lastFailure = undefined
      return true
    } catch (error) {
      // Not the text: nothing tells what a gateway puts into it.
      this.#logFailure(Code[(error as Partial<ServiceError>).code ?? Code.UNKNOWN] ?? 'UNKNOWN', isRefusal(error))
      return !isRefusal(error)
    }
  }

  #logFailure(code: string, isRefused: boolean): void {
    const isKnown = this.#lastFailure === code
    this.#lastFailure = code
    if (isRefused) this.#logger[isKnown ? 'debug' : 'info']({ code }, 'the gateway gives no variables of providers')
    else
      this.#logger[isKnown ? 'debug' : 'warn'](
        { code },
        'the variables of the providers were not read; keeping the last',
      )
  }

  #install({ variables, ...answer }: ProviderAnswer): void {
    const usable = new Map<string, string>()
    const refused: string[] = []
    for (const [name, value] of Object.entries(variables)) {
      if (isUsable(name, value)) usable.set(name, value)
      else refused.push(name)
    }
    const { revision, attachmentEpoch, fileCount } = answer
    const isNew = this.#variables.size > 0 || usable.size > 0
    this.#variables = usable
    this.#answer = answer
    this.#installed = { revision, attachmentEpoch, allVariables: refused.length === 0, allFiles: fileCount === 0 }
    if (isNew) this.#logger.info({ variables: usable.size }, 'variables of the providers installed for new processes')
    if (refused.length > 0) {
      this.#logger.warn({ names: refused }, 'variables of providers left out: no process can have such a name or value')
    }
    if (fileCount > 0) this.#logger.warn({ files: fileCount }, 'files of providers are not written here')
  }
}

function isUsable(name: string, value: string): boolean {
  if (name === '' || /[=\0]/.test(name) || value.includes('\0')) return false
  return Buffer.byteLength(name) + Buffer.byteLength(value) + 1 <= LONGEST_VARIABLE_BYTES
}
