import { ConfigError } from '../issue/config-error.js'

/** Where a declaration is wrong, and what to write. */
export interface DefinitionErrorFields {
  /** Name of the driver. */
  readonly driverName: string
  /** What the driver is, when it is none: `middleware`. @default 'driver' */
  readonly owner?: string
  /** The version whose declaration is wrong; absent when it is not about one version. */
  readonly version?: number | undefined
  /** RFC 6901 pointer into the schema of the version, when a schema is wrong. */
  readonly schemaPointer?: string | undefined
  /** What is wrong. */
  readonly problem: string
  /** What to write. */
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** Thrown while a config is being defined: the author's declaration is wrong. */
export class DefinitionError extends ConfigError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.driver-config.DefinitionError')
  override readonly name = 'DefinitionError'
  /** Name of the driver. */
  readonly driverName: string
  /** The version whose declaration is wrong. */
  readonly version?: number
  /** RFC 6901 pointer into the schema of that version. */
  readonly schemaPointer?: string
  /** What is wrong, without the place and the hint. */
  readonly problem: string

  constructor({ driverName, owner = 'driver', version, schemaPointer, problem, hint, cause }: DefinitionErrorFields) {
    const place = [`config of ${owner} "${driverName}"`]
    if (version !== undefined) place.push(`version ${version}`)
    if (schemaPointer !== undefined) place.push(`schema at "${schemaPointer}"`)
    super({
      kind: 'invalid-definition',
      message: `${place.join(', ')}: ${problem}${hint === undefined ? '' : ` ${hint}`}`,
      ...(hint === undefined ? {} : { hint }),
      cause,
    })
    this.driverName = driverName
    this.problem = problem
    if (version !== undefined) this.version = version
    if (schemaPointer !== undefined) this.schemaPointer = schemaPointer
  }
}
