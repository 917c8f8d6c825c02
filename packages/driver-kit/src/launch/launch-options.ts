import type { SupervisorEnvironmentOptions } from './supervisor-environment.js'

/** What every launch of a supervisor needs to know. */
export interface LaunchOptions
  extends Pick<
    SupervisorEnvironmentOptions,
    'endpoint' | 'defaultLogLevel' | 'telemetry' | 'networkCapabilities' | 'user'
  > {
  /**
   * Launch material of line 0.1, as the handler got it: the kit does not look into it. Absent under gateways of line 0.0, and
   * when the gateway sends none. A secret that should not outlive the run: give its file a file system in memory where the
   * backend has one.
   */
  readonly launchAuthentication?: Uint8Array | undefined
  /**
   * Where the supervisor finds the launch material. No place is known that a supervisor of line 0.1 looks at by itself, and no
   * variable names it: this is the kit's own choice when absent, `launch-authentication` beside the token.
   */
  readonly launchAuthenticationPath?: string
  /** Further variables of the driver's own. They must not begin with `OPENSHELL_`. */
  readonly variables?: Readonly<Record<string, string>>
  /** Further arguments of the supervisor, such as those for an upstream proxy. None when absent. */
  readonly parameters?: readonly string[]
}

/** What every supervisor starts with. */
export interface SupervisorLaunch {
  /** All of its variables. Nothing in it is secret. */
  readonly environment: Readonly<Record<string, string>>
  /** Variables that must not reach it from elsewhere, such as from an image: leave them out, or set them to nothing. */
  readonly removedVariables: readonly string[]
  /** Where it runs. Not the sandbox's working directory, which is one of the arguments. */
  readonly workingDirectory: string
  /** The program and its arguments. Nothing in it is secret. */
  readonly argv: readonly [program: string, ...parameters: string[]]
  /** Paths, as the supervisor sees them, that no mount and no file of a user may touch; see `findReservedPath`. */
  readonly reservedPaths: readonly string[]
}

/** Variables with which a supervisor would read another token, or trust another gateway. */
const dangerousVariables = [
  'OPENSHELL_SANDBOX_TOKEN',
  'OPENSHELL_SANDBOX_TOKEN_FILE',
  'OPENSHELL_K8S_SA_TOKEN_FILE',
  'OPENSHELL_GATEWAY_TLS_SERVER_NAME',
]

/** The variables that must not come from elsewhere: the dangerous ones that this environment does not set. */
export function removedVariables(environment: Readonly<Record<string, string>>): readonly string[] {
  return dangerousVariables.filter((name) => !Object.hasOwn(environment, name))
}
