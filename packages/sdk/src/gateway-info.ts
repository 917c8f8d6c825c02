/** How the gateway says that it feels; `unrecognized` is a state that this release does not know. */
export type ServiceHealth = 'unspecified' | 'healthy' | 'degraded' | 'unhealthy' | 'unrecognized'

/** What the gateway says about itself. */
export interface GatewayHealth {
  readonly status: ServiceHealth
  /** Version, such as `0.0.111`; `0.0.0` for a build without version information. */
  readonly version: string
}

/** A compute driver of the gateway. */
export interface ComputeDriverInfo {
  /** The key under which the gateway looks for the driver's block in `driverConfig`. */
  readonly name: string
  /** What the driver calls itself; for display, and not always the key. */
  readonly driverName: string
  /** The driver's own version; may be empty. */
  readonly driverVersion: string
}

/** The gateway and its drivers, for platform administrators. */
export interface GatewayInfo {
  readonly status: ServiceHealth
  readonly version: string
  /** The first one is active. */
  readonly computeDrivers: readonly ComputeDriverInfo[]
}

/** Who the gateway takes the caller for. */
export interface CurrentUser {
  readonly subject: string
  readonly displayName: string
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  readonly identityProvider: string
}
