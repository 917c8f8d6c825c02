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
  /** What of a sandbox's resources the driver can hold to; absent on line 0.0, and when the driver did not say. */
  readonly resources?: DriverResources
}

/** What of a sandbox's resources a driver can hold to. */
export interface DriverResources {
  readonly cpuLimit: boolean
  readonly memoryLimit: boolean
  /** Takes `gpu: true`. */
  readonly gpuWithoutCount: boolean
  /** Takes `gpu: { count }`. */
  readonly gpuCount: boolean
}

/** Something that was plugged into the gateway. */
export interface GatewayExtension {
  /** `unrecognized` is a kind that this release does not know. */
  readonly kind:
    | 'unspecified'
    | 'compute-driver'
    | 'credential-driver'
    | 'gateway-interceptor'
    | 'supervisor-middleware'
    | 'unrecognized'
  /** The name that the operator gave it. */
  readonly name: string
  /** What it calls itself. */
  readonly implementationName: string
  readonly implementationVersion: string
  /** Version of the contract that was agreed on, such as `1.2`. */
  readonly protocolVersion: string
  /** What it can do. */
  readonly capabilities: readonly string[]
  /** What it demands of the gateway. */
  readonly requiredCapabilities: readonly string[]
}

/** The gateway and its drivers, for platform administrators. */
export interface GatewayInfo {
  readonly status: ServiceHealth
  readonly version: string
  /** The first one is active. */
  readonly computeDrivers: readonly ComputeDriverInfo[]
  /** What is plugged in; empty on line 0.0, which does not say. */
  readonly extensions: readonly GatewayExtension[]
}

/** Who the gateway takes the caller for. */
export interface CurrentUser {
  readonly subject: string
  readonly displayName: string
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  readonly identityProvider: string
}
