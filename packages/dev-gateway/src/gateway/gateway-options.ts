import type { Logger } from 'pino'
import type { DevGatewayUser } from '../auth/gateway-users.js'
import type { SigningKeys } from '../auth/signing-keys.js'
import type { GatewayClock } from '../clock/gateway-clock.js'
import type { AdmissionSetting } from '../compute/admission-setting.js'
import type { DevGatewayFault } from '../faults/gateway-fault.js'
import type { SimulatedDriver } from '../simulated-driver/simulated-driver.js'
import type { StrictOptions } from '../strict/strict-options.js'
import type { DevGatewayTls } from '../tls/gateway-tls.js'
import type { CallTrace } from '../trace/call-trace.js'
import type { WireLine } from '../wire/wire-line.js'

/** A compute driver that the gateway uses. */
export interface DevGatewayDriver {
  /** The name under which clients address it: the key of its block in `driver_config`. ASCII letters, digits, `-`, `_`. */
  readonly name: string
  /** Path of the Unix socket on which it listens. */
  readonly socketPath: string
}

/** The gateway's intervals, in milliseconds. The defaults are the real gateway's. */
export interface DevGatewayTimings {
  /** How long to keep trying to reach the driver at start; 0 makes one attempt. @default 30000 */
  readonly driverConnectTimeoutMs?: number
  /** From one attempt to reach the driver to the next. @default 250 */
  readonly driverConnectRetryMs?: number
  /** How long to wait before an ended watch stream is opened again. @default 2000 */
  readonly watchReopenMs?: number
  /** From the end of one reconcile sweep to the next. @default 60000 */
  readonly sweepIntervalMs?: number
  /** How long after its creation a sandbox that the driver does not know is kept. @default 300000 */
  readonly sweepGraceMs?: number
  /**
   * How long after its end a main process is started again for the first time, where the sandbox's restart policy wants that; twice
   * as long each further time, up to a minute. Line 0.1 only. @default 1000
   */
  readonly mainProcessRestartMs?: number
  /**
   * How long after its supervisor has rejected its configuration a sandbox may still accept one, before it is given up and its
   * compute deleted; 0 is for ever. Line 0.1 only. @default 0
   */
  readonly configurationRepairMs?: number
  /** How long an exec waits for a supervisor to connect. @default 13100 */
  readonly sessionWaitMs?: number
  /** How long a supervisor may take to pick up a relay. @default 10000 */
  readonly relayClaimMs?: number
  /** How often a supervisor hears from the gateway. @default 15000 */
  readonly heartbeatMs?: number
  /** How long nothing may move on a relay one of whose sides has ended before it is cut. @default 600000 */
  readonly relayHalfOpenMs?: number
}

/** How the gateway tells its callers apart. */
export interface DevGatewayAuth {
  /**
   * Whether sandbox tokens are issued. Without them no supervisor can connect, and every caller is a user.
   *
   * @default true
   */
  readonly sandboxTokens?: boolean
  /** The key pair that signs them. A fresh one is made when absent. */
  readonly signingKeys?: SigningKeys
  /** The gateway's id in tokens. @default 'openshell' */
  readonly gatewayId?: string
  /** Life of a token in seconds; 0 means that it never expires. @default 0 */
  readonly tokenLifetimeSeconds?: number
  /** Users with fixed bearer tokens. What each may do follows from its roles, its scopes, and its workspaces' members. @default [] */
  readonly users?: readonly DevGatewayUser[]
  /**
   * Whether the holder of a client certificate that the gateway demands is a user, and a platform administrator.
   *
   * @default true without `users`, else false
   */
  readonly certificateUsers?: boolean
  /**
   * Whether callers without a credential are users, and platform administrators. Where there is no credential to show - no
   * sandbox tokens, no `users`, no certificates - everybody is one.
   *
   * @default true without `users`, else false
   */
  readonly allowUnauthenticatedUsers?: boolean
  /** Life of an SSH session in seconds; 0 means that it never expires. @default 86400 */
  readonly sshSessionLifetimeSeconds?: number
}

/** What a development gateway is started with. */
export interface DevGatewayOptions {
  /**
   * The compute driver to use: exactly one, as the real gateway supports no more. Behind a socket, or what
   * `createSimulatedDriver` makes.
   *
   * @default a simulated one that accepts every block
   */
  readonly drivers?: readonly (DevGatewayDriver | SimulatedDriver)[]
  /** Port of the API on 127.0.0.1; 0 takes a free one. @default 0 */
  readonly port?: number
  /** Port of the HTTP health checks on 127.0.0.1; 0 takes a free one, absent means none. */
  readonly healthPort?: number
  /** Port of a page on 127.0.0.1 that shows sandboxes and recent calls; 0 takes a free one, absent means none. */
  readonly statusPort?: number
  /** The line of the wire that clients, supervisors and the driver are spoken to in. @default '0.0' */
  readonly line?: WireLine
  /** What clients of line 0.1 may bring in; the driver must have been started with the same. Line 0.0 lets in everything. */
  readonly admission?: AdmissionSetting
  /** The version that the gateway reports. Default: '0.0.111' on line 0.0, '0.1.5' on line 0.1. */
  readonly version?: string
  /**
   * A folder that keeps sandboxes, workspaces, providers with their secrets, all other records and the signing key over
   * restarts, in files for their owner only; it is created when it is missing. One gateway at a time uses it: a
   * second one does not start. Absent means that everything ends with the gateway.
   */
  readonly stateDirectory?: string
  readonly auth?: DevGatewayAuth
  /** How connections are encrypted. Plaintext when absent. */
  readonly tls?: DevGatewayTls
  /**
   * Whether a web socket at `/_ws_tunnel` carries a connection to the gateway, as clients behind an edge proxy dig one. The proxy's own
   * credentials are not checked.
   *
   * @default true on line 0.0, false on line 0.1, where an operator has to ask for it
   */
  readonly edgeTunnel?: boolean
  readonly timings?: DevGatewayTimings
  /** What goes wrong on purpose from the start, as objects or in the words of `--fault`. @default [] */
  readonly faults?: readonly (DevGatewayFault | string)[]
  /**
   * Makes the end of the gateway a check, as `assertClean` is one at any time: `close()` and the end of `await using` reject with a
   * `StrictError` for calls that the gateway does not serve or that `expect` does not name, for expected calls that did not come, for
   * faults that struck nothing, and for streams that are open. `true` is `{}`. @default false
   */
  readonly strict?: boolean | StrictOptions
  /** Takes the gateway's log. Nothing is logged when absent. */
  readonly logger?: Logger
  /** Collects every call of clients and supervisors, and every call to the driver, without secrets. */
  readonly trace?: CallTrace
  /** The clock to work by; a `TestClock` lets a test skip the long waits. Default: the machine's. */
  readonly clock?: GatewayClock
}
