import { parseArgs } from 'node:util'
import { EmptySocketError } from './errors/empty-socket-error.js'
import { GatewayStartError } from './errors/gateway-start-error.js'
import { seeHelp, UnknownFlagError } from './errors/unknown-flag-error.js'
import { checkFault } from './faults/check-fault.js'
import { faultEffects } from './faults/fault-effects.js'
import { faultUsage } from './faults/fault-usage.js'
import type { DevGatewayFault } from './faults/gateway-fault.js'
import { faultGrammar, parseFault } from './faults/parse-fault.js'
import type { DevGatewayDriver } from './gateway/gateway-options.js'
import type { TlsFlags } from './tls/plan-tls.js'
import { defaultVersions, type WireLine, wireLines } from './wire/wire-line.js'

/** What the command line asks for. */
export type CliRequest =
  | { readonly type: 'help'; readonly text: string }
  | { readonly type: 'version' }
  | { readonly type: 'serve'; readonly serve: ServeOptions }

/** A gateway to serve, as the command line describes it. What is absent has the default of `startDevGateway`. */
export interface ServeOptions {
  /** The drivers given with `--driver NAME=SOCKET`; with several, `driverNames` says which one is used. */
  readonly drivers: readonly DevGatewayDriver[]
  readonly port?: number | undefined
  readonly healthPort?: number | undefined
  readonly statusPort?: number | undefined
  readonly logLevel: LogLevel
  /** Whether simulated sandboxes run commands, on this machine. */
  readonly runCommands: boolean
  /** Whether every call is shown. */
  readonly trace: boolean
  readonly driverConnectTimeoutMs?: number | undefined
  /** The line of the wire to speak. */
  readonly line?: WireLine | undefined
  /** Whether clients of line 0.1 may send blocks. */
  readonly allowDriverConfig?: boolean | undefined
  /** The version to report. */
  readonly gatewayVersion?: string | undefined
  /** What goes wrong on purpose. */
  readonly faults?: readonly DevGatewayFault[]
  /** The real gateway's configuration file. */
  readonly configFile?: string | undefined
  /** The folder that keeps state. */
  readonly stateDirectory?: string | undefined
  /** Where state is kept, in the real gateway's words. */
  readonly databaseUrl?: string | undefined
  /** Names given with `--drivers` and `--driver NAME`; they win over the file's. */
  readonly driverNames?: readonly string[] | undefined
  /** The socket of the one driver that `driverNames` names. */
  readonly computeDriverSocket?: string | undefined
  readonly tls: TlsFlags
  /** A file of users with tokens. */
  readonly usersFile?: string | undefined
  /** Whether client certificates make users. */
  readonly certificateUsers?: boolean | undefined
  /** Whether web sockets carry connections. */
  readonly edgeTunnel?: boolean | undefined
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
/** How much is logged. */
export type LogLevel = (typeof logLevels)[number]

// As many on a line as fit.
const effectNames = Object.entries(faultEffects)
  .map(([name, { value }]) => `${name}${value}`)
  .join(', ')
  .replace(/(.{1,84})(?:, |$)/g, '$1,\n                                 ')
  .trim()
  .replace(/,$/, '')

/** What `--help` prints. */
export const usage = `openshell-dev-gateway: an OpenShell gateway for development and tests. It is no production gateway.

Usage: openshell-dev-gateway [options]

  --driver NAME=SOCKET           the compute driver: the key of its block in driver_config, and its Unix socket; several
                                 may be given, --drivers NAME says which one is used. Without any driver, and with
                                 --driver simulated, sandboxes are simulated: Ready at once, and nothing runs in them
  --run-commands                 let simulated sandboxes run commands: as processes of this machine, as you, WITHOUT
                                 ISOLATION, for everybody who can reach the port; needs @openshell-ts/dev-supervisor
  --port N                       port of the API on 127.0.0.1; 0 takes a free one (default 17670)
  --health-port N                port of GET /healthz and /readyz; none without it
  --status-port N                port of a page for people, with sandboxes and recent calls; none without it
  --log-level LEVEL              ${logLevels.join(', ')} (default warn)
  --trace                        show every call of clients, supervisors and to the driver, without secrets
  --driver-connect-timeout-ms N  how long to wait for the driver's socket (default 30000)
  --state-dir PATH               a folder that keeps sandboxes over restarts; without it everything ends with the gateway
  --tls                          serve https with certificates that are made; clients must show theirs
  --tls-dir PATH                 the same, and keep them there: PATH/client is what a client needs (default STATE-DIR/tls)
  --users FILE                   users with bearer tokens: TOML, one [[users]] each with subject, token, roles, scopes, expires
  --line LINE                    the line of the wire to speak: ${wireLines.join(' or ')} (default 0.0)
  --allow-driver-config          on line 0.1, let clients send driver_config; the driver must have been started so too
  --edge-tunnel BOOL             whether a web socket at /_ws_tunnel carries a connection, as clients behind an edge proxy dig one
                                 (default true on line 0.0, false on line 0.1)
  --gateway-version VERSION      the version to report (default ${defaultVersions['0.0']}, on line 0.1 ${defaultVersions['0.1']})
  --fault FAULT                  something that goes wrong on purpose: ${faultGrammar};
                                 --fault help says what each effect does:
                                 ${effectNames}
  --version                      print this package's version
  --help                         print this text

Options of the real gateway:
  --config FILE                  its TOML file: compute_drivers, [openshell.drivers.NAME] socket_path, tls, mtls_auth, auth, gateway_jwt;
                                 with version = 2, which means line 0.1, compute_driver and the driver's allow_driver_config
                                 and resource_admission
  --drivers NAME, --driver NAME  the driver's name; wins over the file
  --compute-driver NAME          the same in the words of line 0.1
  --compute-driver-socket PATH   the driver's socket; needs --drivers
                                 OPENSHELL_DRIVERS and OPENSHELL_COMPUTE_DRIVER_SOCKET say the same
  --tls-cert FILE                certificate to serve https with, in PEM; needs --tls-key FILE
  --tls-client-ca FILE           authority that must have signed the certificate of each client
  --enable-mtls-auth BOOL        whether a client's certificate makes it a user (default true without --users)
  --disable-tls                  plaintext, whatever the file says
  --bind-address ADDRESS         only 127.0.0.1
  --db-url URL                   sqlite::memory:, or sqlite:PATH?mode=rwc for --state-dir PATH

Examples:
  openshell-dev-gateway
  openshell-dev-gateway --run-commands
  openshell-dev-gateway --driver acme=/run/acme/compute.sock
  openshell-dev-gateway --driver acme=/tmp/a.sock --driver beta=/tmp/b.sock --drivers beta
  openshell-dev-gateway --driver acme=/tmp/a.sock --port 0 --health-port 18081 --log-level info
  openshell-dev-gateway --config gateway.toml --port 18080
  openshell-dev-gateway --trace --status-port 0
`

const flags = {
  driver: { type: 'string', multiple: true },
  port: { type: 'string' },
  'health-port': { type: 'string' },
  'status-port': { type: 'string' },
  'log-level': { type: 'string' },
  'run-commands': { type: 'boolean' },
  trace: { type: 'boolean' },
  'driver-connect-timeout-ms': { type: 'string' },
  line: { type: 'string' },
  'allow-driver-config': { type: 'boolean' },
  'edge-tunnel': { type: 'string' },
  'gateway-version': { type: 'string' },
  fault: { type: 'string', multiple: true },
  'state-dir': { type: 'string' },
  config: { type: 'string' },
  'db-url': { type: 'string' },
  drivers: { type: 'string' },
  'compute-driver': { type: 'string' },
  'compute-driver-socket': { type: 'string' },
  'bind-address': { type: 'string' },
  tls: { type: 'boolean' },
  'tls-dir': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'tls-client-ca': { type: 'string' },
  'enable-mtls-auth': { type: 'string' },
  'disable-tls': { type: 'boolean' },
  users: { type: 'string' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

// A script whose variable is not set passes an empty one.
const pathFlags = ['config', 'state-dir', 'tls-dir', 'tls-cert', 'tls-key', 'tls-client-ca', 'users'] as const

/**
 * Reads the command line. `environment` holds the real gateway's variables; the command line wins over them.
 *
 * @throws GatewayStartError in one sentence for anything that it does not understand.
 */
export function parseCommandLine(args: readonly string[], environment: NodeJS.ProcessEnv = {}): CliRequest {
  const values = parseFlags(args)
  if (values.help) return { type: 'help', text: usage }
  if (values.fault?.includes('help')) return { type: 'help', text: faultUsage }
  if (values.version) return { type: 'version' }
  const bindAddress = values['bind-address']
  if (bindAddress !== undefined && bindAddress !== '127.0.0.1') {
    throw misuse(`--bind-address ${bindAddress} is not possible: this gateway listens on 127.0.0.1 only.`)
  }
  const empty = pathFlags.find((flag) => values[flag] === '')
  if (empty !== undefined) throw misuse(`--${empty} is empty; give a path, or leave it out.`)
  if (values['compute-driver-socket'] === '') throw new EmptySocketError()
  return {
    type: 'serve',
    serve: {
      drivers: (values.driver ?? []).filter(isSocket).map(parseDriver),
      port: parseNumber('--port', values.port, 65_535),
      healthPort: parseNumber('--health-port', values['health-port'], 65_535),
      statusPort: parseNumber('--status-port', values['status-port'], 65_535),
      logLevel: parseLogLevel(values['log-level']),
      runCommands: values['run-commands'] === true,
      trace: values.trace === true,
      driverConnectTimeoutMs: parseNumber(
        '--driver-connect-timeout-ms',
        values['driver-connect-timeout-ms'],
        Number.MAX_SAFE_INTEGER,
      ),
      line: parseLine(values.line),
      allowDriverConfig: values['allow-driver-config'],
      edgeTunnel: parseBoolean('--edge-tunnel', values['edge-tunnel']),
      gatewayVersion: values['gateway-version'],
      faults: (values.fault ?? []).map(checkedFault),
      configFile: values.config,
      stateDirectory: values['state-dir'],
      databaseUrl: values['db-url'],
      driverNames: parseDriverNames(
        values['compute-driver'] ?? values.drivers,
        values.driver,
        environment['OPENSHELL_DRIVERS'],
      ),
      computeDriverSocket:
        values['compute-driver-socket'] ??
        (values.driver ? undefined : nonEmpty(environment['OPENSHELL_COMPUTE_DRIVER_SOCKET'])),
      tls: {
        generate: values.tls === true,
        directory: values['tls-dir'],
        certificate: values['tls-cert'],
        key: values['tls-key'],
        clientCa: values['tls-client-ca'],
        disable: values['disable-tls'] === true,
      },
      usersFile: values.users,
      certificateUsers: parseBoolean('--enable-mtls-auth', values['enable-mtls-auth']),
    },
  }
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw flagError(error instanceof Error ? error.message : '')
  }
}

/** Says it in Node's own words where there are no better ones. */
function flagError(message: string): GatewayStartError {
  const [sentence = 'The command line cannot be read'] = message.split(/\.\s/)
  const [, flag = ''] = /'(--?[^\s']+)/.exec(sentence) ?? []
  if (sentence.startsWith('Unknown option')) return new UnknownFlagError(flag, Object.keys(flags))
  if (sentence.endsWith('argument missing')) return misuse(`${flag} needs a value. ${seeHelp}`)
  if (!sentence.endsWith('ambiguous')) return misuse(`${sentence}. ${seeHelp}`)
  return misuse(`${flag} needs a value; one that begins with a dash is written ${flag}=VALUE. ${seeHelp}`)
}

function isSocket(driver: string): boolean {
  return driver.includes('=')
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

function parseDriverNames(
  drivers: string | undefined,
  driver: readonly string[] = [],
  fromEnvironment: string | undefined,
): string[] | undefined {
  // A socket on the command line names its driver too.
  const list = drivers ?? (driver.length > 0 ? undefined : nonEmpty(fromEnvironment))
  const names = [...(list?.split(',') ?? []), ...driver.filter((text) => !isSocket(text))]
  return names.length > 0 ? names : undefined
}

function parseDriver(text: string): DevGatewayDriver {
  const separator = text.indexOf('=')
  const name = text.slice(0, separator)
  const socketPath = text.slice(separator + 1)
  if (separator <= 0 || socketPath === '') {
    throw misuse(`--driver ${text} is not of the form NAME=SOCKET, such as acme=/run/acme/compute.sock.`)
  }
  return { name, socketPath }
}

function checkedFault(text: string): DevGatewayFault {
  try {
    const fault = parseFault(text)
    checkFault(fault)
    return fault
  } catch (error) {
    throw misuse(error instanceof Error ? error.message : String(error))
  }
}

function parseNumber(flag: string, text: string | undefined, largest: number): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= largest) return value
  throw misuse(`${flag} ${text} is no whole number from 0 to ${largest}.`)
}

function parseBoolean(flag: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined
  if (text === 'true' || text === 'false') return text === 'true'
  throw misuse(`${flag} ${text} must be true or false.`)
}

function parseLine(text: string | undefined): WireLine | undefined {
  if (text === undefined) return undefined
  const line = wireLines.find((candidate) => candidate === text)
  if (line) return line
  throw misuse(`--line ${text} is not known; use one of ${wireLines.join(', ')}.`)
}

function parseLogLevel(text: string | undefined): LogLevel {
  const level = logLevels.find((candidate) => candidate === (text ?? 'warn'))
  if (level) return level
  throw misuse(`--log-level ${text} is not known; use one of ${logLevels.join(', ')}.`)
}

function misuse(text: string): GatewayStartError {
  return new GatewayStartError('configuration', text)
}
