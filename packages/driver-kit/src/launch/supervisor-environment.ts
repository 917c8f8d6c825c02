import type { Sandbox } from '../driver/sandbox.js'

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
  /**
   * Whom the main process runs as: by numbers, or as the USER of its image says, which may be empty. The supervisor's own user
   * when absent. Numbers and the image's user exclude each other, and a supervisor refuses to start with both.
   */
  readonly user?: { readonly uid: number; readonly gid: number } | { readonly image: string }
  /**
   * How the main process is written: `base64url` for a backend that cannot carry JSON in a variable, as a virtual machine's
   * kernel command line.
   *
   * @default 'json'
   */
  readonly mainProcessEncoding?: 'json' | 'base64url'
  /** Further variables of the driver's own, such as PATH. They must not begin with `OPENSHELL_`. */
  readonly variables?: Readonly<Record<string, string>>
}

/**
 * The environment of a sandbox's supervisor; `supervisorLaunch` makes it together with files and arguments.
 *
 * The names are those of supervisors of 0.0.111. What supervisors of line 0.1 read is not known to be the same.
 *
 * It holds nothing secret: the token goes by file. The user's variables go in one variable of their own and never name one
 * of the supervisor's, so that nobody can make a sandbox pose as another one.
 *
 * @throws TypeError when the endpoint needs TLS files and has none, when `variables` holds a reserved name, or when
 * the command's first word is empty.
 */
export function supervisorEnvironment(sandbox: Sandbox, options: SupervisorEnvironmentOptions): Record<string, string> {
  const { endpoint, sshSocketPath, tls, variables = {} } = options
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
    ...userVariables(options.user),
    ...(logLevel === undefined ? {} : { OPENSHELL_LOG_LEVEL: logLevel }),
    ...(tokenFile === undefined ? {} : { OPENSHELL_SANDBOX_TOKEN_FILE: tokenFile }),
    ...(tls === undefined
      ? {}
      : { OPENSHELL_TLS_CA: tls.ca, OPENSHELL_TLS_CERT: tls.certificate, OPENSHELL_TLS_KEY: tls.key }),
    ...mainProcess(sandbox, options),
    ...userEnvironment(sandbox),
  }
}

// A variable that is absent could come from the image instead, so that all three are set.
function userVariables(user: SupervisorEnvironmentOptions['user']): Record<string, string> {
  const numbers = user !== undefined && 'uid' in user ? user : undefined
  return {
    OPENSHELL_OCI_IMAGE_USER: user !== undefined && 'image' in user ? user.image : '',
    OPENSHELL_SANDBOX_UID: numbers === undefined ? '' : String(numbers.uid),
    OPENSHELL_SANDBOX_GID: numbers === undefined ? '' : String(numbers.gid),
  }
}

// Without a command the supervisor starts a login shell by itself.
function mainProcess(
  { command, tty }: Sandbox,
  { mainProcessEncoding = 'json' }: SupervisorEnvironmentOptions,
): Record<string, string> {
  if (command.length === 0) return {}
  if (command[0] === '') throw new TypeError('The first word of the command is empty; name a program.')
  const json = JSON.stringify({ version: 1, command, tty })
  const text = mainProcessEncoding === 'json' ? json : `base64url:${Buffer.from(json).toString('base64url')}`
  return { OPENSHELL_MAIN_PROCESS_SPEC: text }
}

function userEnvironment({ environment }: Sandbox): Record<string, string> {
  const own = Object.entries(environment).filter(([name]) => !isReserved(name))
  return own.length === 0 ? {} : { OPENSHELL_USER_ENVIRONMENT: JSON.stringify(Object.fromEntries(own)) }
}

function isReserved(name: string): boolean {
  return name.toUpperCase().startsWith('OPENSHELL_')
}
