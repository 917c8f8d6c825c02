/** Something about a config that its driver does and that no bundle can carry: code, or a look at the outside world. */
export interface DriverOnlyPart {
  /** A condition between fields, a decision of the operator, a step between versions, or a lookup. */
  readonly kind: 'rule' | 'gate' | 'migration' | 'lookup'
  /** The rule as `name@revision`, the gate by name, the step as `1 to 2`, the place of a lookup as a path template. */
  readonly name: string
  /** The version whose blocks it concerns; absent for gates and lookups, which look at the current version. */
  readonly version?: number
  /** What it does, in the author's words. */
  readonly description?: string
}
