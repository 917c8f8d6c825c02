import { GatewayStartError } from './gateway-start-error.js'

/** Where a refusal of the command line leads to. */
export const seeHelp = 'See openshell-dev-gateway --help.'

/** A flag that the command line does not have. */
export class UnknownFlagError extends GatewayStartError {
  readonly #flag: string
  readonly #known: readonly string[]

  /** `known` are the names of those that it has, without dashes. */
  constructor(flag: string, known: readonly string[]) {
    super('configuration', `Unknown option '${flag}'. ${seeHelp}`)
    this.#flag = flag
    this.#known = known
  }

  /** The same error with the nearest flag, when one is near. */
  async withNearest(): Promise<GatewayStartError> {
    // Nobody else needs the package at a start, and loading it takes a while.
    const { suggestNames } = await import('@openshell-ts/driver-config')
    const [nearest] = suggestNames(this.#flag.replace(/^-+/, ''), this.#known)
    if (nearest === undefined) return this
    return new GatewayStartError(
      'configuration',
      `Unknown option '${this.#flag}'; did you mean --${nearest}? ${seeHelp}`,
    )
  }
}
