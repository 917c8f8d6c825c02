import type { Sandbox } from '../sandbox.js'

/** What a supervisor must know besides its sandbox. */
export interface SupervisorEnvironmentOptions {
  /** URL of the gateway as the supervisor sees it. An `https:` one needs `tls`. */
  readonly endpoint: string
  /** Path of the socket on which the supervisor serves SSH; `@name` for an abstract one. */
  readonly sshSocketPath: string
  /** Path of the token file as the supervisor sees it. The sandbox's own path when absent, none when it has no token. */
  readonly tokenFile?: string
  /** The log level when the client asks for none; none when absent. */
  readonly defaultLogLevel?: string
  /** Paths of the client certificate's files as the supervisor sees them; no TLS when absent. */
  readonly tls?: { readonly ca: string; readonly certificate: string; readonly key: string }
  /**
   * Whether the supervisor may send telemetry. It would take an absent variable for yes, so one is always set.
   *
   * @default false
   */
  readonly telemetry?: boolean
  /** Comma-separated features of the network that the backend has; `''` when absent. */
  readonly networkCapabilities?: string
  /** Whom the main process runs as, by numbers; the supervisor's own user when absent. */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** Further variables of the driver's own, such as PATH. They must not begin with `OPENSHELL_`. */
  readonly variables?: Readonly<Record<string, string>>
}

/**
 * The environment of a sandbox's supervisor, for a backend that starts it as a process.
 *
 * It holds nothing secret: the token goes by file. The user's variables go in one variable of their own and never name one
 * of the supervisor's, so that nobody can make a sandbox pose as another one.
 *
 * @throws TypeError when the endpoint needs TLS files and has none, or when `variables` holds a reserved name.
 */
export function supervisorEnvironment(sandbox: Sandbox, options: SupervisorEnvironmentOptions): Record<string, string> {
  const { endpoint, sshSocketPath, tls, user, variables = {} } = options
  if (endpoint.startsWith('https:') && tls === undefined) {
    throw new TypeError(`The endpoint ${endpoint} is https, so the supervisor needs tls: { ca, certificate, key }.`)
  }
  const reserved = Object.keys(variables).find(isReserved)
  if (reserved !== undefined)
    throw new TypeError(`The variable ${reserved} is reserved for the supervisor; use another name.`)
  const tokenFile = options.tokenFile ?? sandbox.tokenFile
  const logLevel = sandbox.logLevel === '' ? options.defaultLogLevel : sandbox.logLevel
  return {
    ...variables,
    OPENSHELL_SANDBOX_ID: sandbox.id,
    OPENSHELL_SANDBOX: sandbox.name,
    OPENSHELL_ENDPOINT: endpoint,
    OPENSHELL_SSH_SOCKET_PATH: sshSocketPath,
    OPENSHELL_TELEMETRY_ENABLED: String(options.telemetry ?? false),
    OPENSHELL_NETWORK_RUNTIME_CAPABILITIES: options.networkCapabilities ?? '',
    OPENSHELL_OCI_IMAGE_USER: '',
    OPENSHELL_SANDBOX_UID: user === undefined ? '' : String(user.uid),
    OPENSHELL_SANDBOX_GID: user === undefined ? '' : String(user.gid),
    ...(logLevel === undefined ? {} : { OPENSHELL_LOG_LEVEL: logLevel }),
    ...(tokenFile === undefined ? {} : { OPENSHELL_SANDBOX_TOKEN_FILE: tokenFile }),
    ...(tls === undefined
      ? {}
      : { OPENSHELL_TLS_CA: tls.ca, OPENSHELL_TLS_CERT: tls.certificate, OPENSHELL_TLS_KEY: tls.key }),
    ...mainProcess(sandbox),
    ...userEnvironment(sandbox),
  }
}

// Without a command the supervisor starts a login shell by itself.
function mainProcess({ command, tty }: Sandbox): Record<string, string> {
  if (command.length === 0) return {}
  return { OPENSHELL_MAIN_PROCESS_SPEC: JSON.stringify({ version: 1, command, tty }) }
}

function userEnvironment({ environment }: Sandbox): Record<string, string> {
  const own = Object.entries(environment).filter(([name]) => !isReserved(name))
  return own.length === 0 ? {} : { OPENSHELL_USER_ENVIRONMENT: JSON.stringify(Object.fromEntries(own)) }
}

function isReserved(name: string): boolean {
  return name.toUpperCase().startsWith('OPENSHELL_')
}
