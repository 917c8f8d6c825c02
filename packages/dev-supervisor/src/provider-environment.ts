import { status as Code, type ServiceError } from '@grpc/grpc-js'
import type { Logger } from 'pino'
import type { Environment } from './child-environment.js'
import { isRefusal } from './is-refusal.js'
import type { ProviderAnswer } from './provider-answer.js'
import type { ProviderFiles } from './provider-files.js'

/** The state of the providers' variables that a gateway speaks of. */
export type ProviderState = Pick<ProviderAnswer, 'revision' | 'attachmentEpoch'>

/** What the sandbox has of its providers. */
export interface InstalledProviders extends ProviderState {
  /** False when a variable could not be taken. */
  readonly allVariables: boolean
  /** False when a file could not be written. */
  readonly allFiles: boolean
}

/** Asks the gateway for what the providers bring. */
export type ReadProviders = () => Promise<ProviderAnswer>

/** The kernel takes no longer text for one variable, name and value together. */
const LONGEST_VARIABLE_BYTES = 131_071

/**
 * The variables and the files of the attached providers. Variables are for the processes that start from now on; those that run keep
 * what they have.
 *
 * Printing or serialising it shows no value, and no log line holds one.
 */
export class ProviderEnvironment {
  readonly #logger: Logger
  readonly #files: ProviderFiles
  #updated: Promise<unknown> = Promise.resolve()
  #installing: Promise<void> | undefined
  #closed = false
  #variables: ReadonlyMap<string, string> = new Map()
  #answer: Omit<ProviderAnswer, 'variables'> | undefined
  #installed: InstalledProviders | undefined
  #lastFailure: string | undefined

  constructor(logger: Logger, files: ProviderFiles) {
    this.#logger = logger
    this.#files = files
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
  update(read: ReadProviders): Promise<boolean> {
    // One after the other: two sessions may ask at the same time, and files are not written in a moment.
    const updated = this.#updated.then(() => this.#update(read))
    this.#updated = updated
    return updated
  }

  /** Takes the files away for good, when the sandbox ends: what is being read is not installed any more. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#installing
    await this.#files.removeAll()
  }

  async #update(read: ReadProviders): Promise<boolean> {
    try {
      const answer = await read()
      if (this.#closed) return false
      this.#installing = this.#install(answer)
      await this.#installing
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

  async #install({ variables, ...answer }: ProviderAnswer): Promise<void> {
    const { places, refused: refusedFiles } = await this.#files.install(answer.files)
    const usable = new Map<string, string>()
    const refused: string[] = []
    for (const [name, value] of Object.entries(variables)) {
      // A variable that names a file names the place where it is here.
      if (isUsable(name, value)) usable.set(name, places.get(value) ?? value)
      else refused.push(name)
    }
    const { revision, attachmentEpoch } = answer
    const isNew = this.#variables.size > 0 || usable.size > 0
    this.#variables = usable
    this.#answer = answer
    this.#installed = {
      revision,
      attachmentEpoch,
      allVariables: refused.length === 0,
      allFiles: refusedFiles.length === 0,
    }
    if (isNew) this.#logger.info({ variables: usable.size }, 'variables of the providers installed for new processes')
    if (refused.length > 0) {
      this.#logger.warn({ names: refused }, 'variables of providers left out: no process can have such a name or value')
    }
    if (refusedFiles.length > 0) {
      this.#logger.warn(
        { paths: refusedFiles },
        'files of providers left out: they are not for the folder, or in the way of others',
      )
    }
  }
}

function isUsable(name: string, value: string): boolean {
  if (name === '' || /[=\0]/.test(name) || value.includes('\0')) return false
  return Buffer.byteLength(name) + Buffer.byteLength(value) + 1 <= LONGEST_VARIABLE_BYTES
}
