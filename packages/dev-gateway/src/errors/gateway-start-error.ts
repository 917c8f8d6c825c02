/** Why a gateway did not start. The message is one sentence that says what to change. */
export class GatewayStartError extends Error {
  override readonly name = 'GatewayStartError'
  /** `configuration`: what was asked for cannot be; `execution`: it could not be done now. */
  readonly kind: 'configuration' | 'execution'

  constructor(kind: GatewayStartError['kind'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.kind = kind
  }
}
