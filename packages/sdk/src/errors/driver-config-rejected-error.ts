import { OpenShellError, type OpenShellErrorFields } from './openshell-error.js'

/** Which check of `driver_config` refused the block. */
export type DriverConfigRefusal =
  /** The block does not fit the driver's schema. */
  | 'schema'
  /** The block fits, but breaks a rule of the driver. */
  | 'rule'
  /** The operator has not enabled what the block asks for. */
  | 'gate'
  /** A resource that the block attaches lacks the labels that the operator demands. */
  | 'admission'

/** One problem of a block, as the driver reported it. */
export interface DriverConfigProblem {
  /** UPPER_SNAKE code, such as `UNKNOWN_FIELD`; empty when the driver gave none. */
  readonly code: string
  /** Place of the problem, such as `driver_config.mounts[0].source`. */
  readonly path: string
  /** What is wrong, with the fix where the driver knows one. */
  readonly message: string
}

/** The driver or the gateway refused a block of `driverConfig`. */
export class DriverConfigRejectedError extends OpenShellError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.sdk.DriverConfigRejectedError')
  override readonly name = 'DriverConfigRejectedError'
  /** Which check refused the block. */
  readonly refusal: DriverConfigRefusal
  /** Every problem in the driver's order; empty when the driver gave a text only. */
  readonly issues: readonly DriverConfigProblem[]

  constructor(
    fields: Omit<OpenShellErrorFields, 'kind'> & {
      readonly refusal: DriverConfigRefusal
      readonly issues: readonly DriverConfigProblem[]
    },
  ) {
    super({ ...fields, kind: 'driver-config-rejected' })
    this.refusal = fields.refusal
    this.issues = fields.issues
  }
}
