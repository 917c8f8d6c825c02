/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A variable of the environment; blank counts as unset. */
export function variable(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim()
  return value === '' ? undefined : value
}

/** True for a switch that is on: anything but blank, `0` and `false`. */
export function isOn(environment: Environment, name: string): boolean {
  const value = variable(environment, name)
  return value !== undefined && value !== '0' && value !== 'false'
}
