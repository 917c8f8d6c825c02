import type { JsonValue } from '../envelope/json-value.js'
import type { PathToken } from '../issue/path.js'

/** What the operator of a gateway allows. Absent means that nothing is known, and then nothing is refused. */
export interface OperatorPolicy {
  /** False when the operator has not allowed config by callers for this driver. */
  readonly allowDriverConfig?: boolean
  /** False when experimental versions and fields are refused. */
  readonly allowExperimental?: boolean
  /** The driver's own settings, as its gates read them. */
  readonly settings?: Readonly<Record<string, JsonValue>>
}

/** What a gate says about a refusal. */
export interface GateFailure {
  /** The sentence after the path: `bind mounts are not allowed here`. */
  readonly problem: string
  /** The exact setting that allows it, and where to change it. */
  readonly fix: string
}

/** What a gate sees. */
export interface GateInput<Current> {
  /** The current version of the block, complete. */
  readonly value: Current
  readonly policy: OperatorPolicy
  /** Refuses a place of the current version: `mounts[0].type`. */
  refuse(path: string | readonly PathToken[], failure: GateFailure): void
}

/** A decision of the operator about what a block may ask for. An asynchronous one refuses every block, as the driver's fault. */
export interface ConfigGate<Current> {
  readonly name: string
  check(input: GateInput<Current>): void
}

/** Declares a gate. The name is for reports. */
export function gate<Current>(name: string, check: (input: GateInput<Current>) => void): ConfigGate<Current> {
  return { name, check }
}
