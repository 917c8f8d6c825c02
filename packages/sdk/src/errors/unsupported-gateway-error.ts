import { OpenShellError } from './openshell-error.js'

/** The gateway speaks a protocol that this release does not speak, or does not say which one it speaks. */
export class UnsupportedGatewayError extends OpenShellError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.sdk.UnsupportedGatewayError')
  override readonly name = 'UnsupportedGatewayError'
  /** The version that the gateway reported; empty when it reported none. */
  readonly foundVersion: string
  /** The versions that this release speaks, for people. */
  readonly supportedRanges: readonly string[]
  /** The connect option that skips the check, as it is written in code; absent when no override can help. */
  readonly override?: string

  constructor(fields: {
    readonly message: string
    readonly foundVersion: string
    readonly supportedRanges: readonly string[]
    readonly override?: string
  }) {
    super({
      kind: 'unsupported-gateway',
      message: fields.message,
      gatewayVersion: fields.foundVersion,
      rpc: 'Health',
      attempts: 1,
      hint: fields.override
        ? `Pass ${fields.override} to OpenShellClient.connect only if you know that the gateway speaks this line.`
        : undefined,
    })
    this.foundVersion = fields.foundVersion
    this.supportedRanges = fields.supportedRanges
    if (fields.override !== undefined) this.override = fields.override
  }
}
