/** One setting of a driver: a flag of `serve` and the environment variable that stands in for it. */
export interface SettingDefinition {
  /** The flag without its dashes, in kebab-case: `openshell-endpoint`. */
  readonly flag: string
  /** The environment variable that is read when the flag is absent. An empty variable counts as absent. */
  readonly environment: string
  /** One sentence for `--help`. */
  readonly description: string
  /** Whether the driver refuses to start without a value. */
  readonly required?: true
  /** The value when neither flag nor variable is given. */
  readonly default?: string
  /** Says what is wrong with a value, as the end of a sentence: `must be an http or https URL`. `undefined` accepts it. */
  readonly check?: (value: string) => string | undefined
}

/** A driver's settings by the name under which its handlers read them. */
export type SettingDefinitions = Readonly<Record<string, SettingDefinition>>

/** The values of a driver's settings: text, and `undefined` only for an optional setting without a default. */
export type SettingValues<Definitions extends SettingDefinitions> = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends { required: true } | { default: string }
    ? string
    : string | undefined
}

/** Where `resolveSettings` takes values from. */
export interface SettingSources {
  /** Values by setting name; they win. */
  readonly given: Readonly<Record<string, string | undefined>>
  /** The process's environment; none when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/**
 * Takes each setting from the given values, else from its environment variable, else from its default.
 *
 * @throws TypeError that names the flag and the variable when a required setting has no value or a value fails its check,
 * or when a value is given for a setting that the driver does not declare. The value itself is not shown.
 */
export function resolveSettings<Definitions extends SettingDefinitions>(
  definitions: Definitions,
  { given, environment = {} }: SettingSources,
): SettingValues<Definitions> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(definitions, name))
  if (unknown !== undefined) {
    const known = Object.keys(definitions).join(', ') || 'none'
    throw new TypeError(`The driver has no setting "${unknown}"; it has: ${known}.`)
  }
  const values = Object.entries(definitions).map(([name, definition]) => {
    const value = given[name] ?? nonEmpty(environment[definition.environment]) ?? definition.default
    if (value === undefined && definition.required) {
      throw new TypeError(
        `The setting "${name}" needs a value: pass --${definition.flag} or set ${definition.environment}. ${definition.description}`,
      )
    }
    const problem = value === undefined ? undefined : definition.check?.(value)
    if (problem !== undefined) {
      const { flag, environment: variable } = definition
      throw new TypeError(
        `The setting "${name}" ${problem}: correct --${flag} or ${variable}. ${definition.description}`,
      )
    }
    return [name, value] as const
  })
  return Object.freeze(Object.fromEntries(values)) as SettingValues<Definitions>
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}
