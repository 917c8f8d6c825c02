import { resolve } from 'node:path'
import { socketPathLimit } from '@openshell-ts/protocol/unix-sockets'
import { parseAdmissionPolicy } from '../contract/admission.js'
import type { Driver } from '../driver/driver.js'
import { CommandLineError } from './command-line-error.js'
import { defaultStateDirectory } from './default-state-directory.js'
import type { Flags } from './flag.js'
import { findLogLevelProblem, findRustLogProblem, readRustLog } from './log-level.js'
import { type CommandLineValues, readFlags } from './read-flags.js'

type Environment = Readonly<Record<string, string | undefined>>

const ownFlags = {
  'bind-socket': {
    description: "Unix socket that the gateway connects to; its folder must be this user's own.",
    hint: 'PATH',
    environment: 'OPENSHELL_COMPUTE_DRIVER_SOCKET',
    required: true,
    check: findSocketProblem,
  },
  'state-dir': {
    description: "Folder for records, tokens and the sandboxes' own folders; one driver a folder.",
    hint: 'DIR',
    environment: 'OPENSHELL_DRIVER_STATE_DIR',
    check: (path) => (isPath(path) ? undefined : 'must be the path of a folder, without control characters.'),
  },
  'admission-config-json': {
    description: "What clients may bring in; must equal the gateway's setting on line 0.1.",
    hint: 'JSON',
    environment: 'OPENSHELL_DRIVER_ADMISSION_CONFIG_JSON',
    default: '{}',
  },
  'gateway-name': {
    description: 'Name of the gateway that this driver serves; it stands on every line of the log.',
    hint: 'NAME',
    environment: 'OPENSHELL_GATEWAY_NAME',
    check: (name) => (/^\P{Cc}{1,128}$/u.test(name) ? undefined : 'must be 1 to 128 characters without controls.'),
  },
  'log-level': {
    description: 'trace, debug, info, warn, error, fatal or silent. A level in RUST_LOG wins over it.',
    hint: 'LEVEL',
    environment: 'OPENSHELL_LOG_LEVEL',
    default: 'info',
    check: findLogLevelProblem,
  },
} as const satisfies Flags

const tracingFlag = {
  'otlp-endpoint': {
    description: 'URL of the collector that gets traces.',
    hint: 'URL',
    environment: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    check: (url) => (/^https?:/.test(url) && URL.canParse(url) ? undefined : 'must be an http or https URL.'),
  },
} as const satisfies Flags

/** What `serve` was told. */
export interface ServeSettings {
  readonly socketPath: string
  readonly stateDirectory: string
  readonly admissionConfigJson: string
  readonly logLevel: string
  readonly gatewayName?: string
  readonly otlpEndpoint?: string
  /** Values of the driver's own settings, by their names. */
  readonly settings: Readonly<Record<string, string>>
}

/** Which flags `serve` has besides those of every driver. */
export interface ServeFlagsOptions {
  /** Whether the program can send traces, and so has `--otlp-endpoint`. */
  readonly tracing: boolean
}

/** The flags of `serve`: those of every driver, then the driver's own settings. */
export function serveFlags(driver: Driver, environment: Environment, { tracing }: ServeFlagsOptions): Flags {
  const stateFlag = { ...ownFlags['state-dir'], default: defaultStateDirectory(driver.name, environment) }
  return { ...ownFlags, 'state-dir': stateFlag, ...(tracing ? tracingFlag : {}), ...settingFlags(driver) }
}

/**
 * Reads the flags of `serve` and the variables that stand in for them.
 *
 * @throws CommandLineError that names the flag, its variable and what to write, for a malformed or missing value.
 */
export function readServeSettings(
  driver: Driver,
  args: readonly string[],
  environment: Environment,
  options: ServeFlagsOptions,
): ServeSettings {
  const values = readFlags(serveFlags(driver, environment, options), args, environment)
  const admissionConfigJson = values['admission-config-json'] ?? ownFlags['admission-config-json'].default
  checkAdmission(admissionConfigJson)
  const { 'gateway-name': gatewayName, 'otlp-endpoint': otlpEndpoint } = values
  return {
    socketPath: values['bind-socket'] ?? '',
    stateDirectory: values['state-dir'] ?? '',
    admissionConfigJson,
    logLevel: rustLogLevel(environment) ?? values['log-level'] ?? ownFlags['log-level'].default,
    ...(gatewayName === undefined ? {} : { gatewayName }),
    ...(otlpEndpoint === undefined ? {} : { otlpEndpoint }),
    settings: settingsOf(driver, values),
  }
}

function settingFlags({ settings }: Driver): Flags {
  return Object.fromEntries(
    Object.values(settings).map(({ flag, description, environment, required, default: value, check }) => [
      flag,
      {
        description,
        hint: 'VALUE',
        environment,
        ...(required === undefined ? {} : { required }),
        ...(value === undefined ? {} : { default: value }),
        ...(check === undefined ? {} : { check: (text: string) => endSentence(check(text), description) }),
      },
    ]),
  )
}

function endSentence(problem: string | undefined, description: string): string | undefined {
  return problem === undefined ? undefined : `${problem.replace(/\.$/, '')}. ${description}`
}

function settingsOf({ settings }: Driver, values: CommandLineValues): Record<string, string> {
  const given = Object.entries(settings).map(([name, { flag }]) => [name, values[flag]] as const)
  return Object.fromEntries(given.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))
}

/** A control character in a path comes from a mistake in quoting, and breaks the lines of logs. */
function isPath(text: string): boolean {
  return /^\P{Cc}+$/u.test(text)
}

function findSocketProblem(path: string): string | undefined {
  if (!isPath(path)) return 'must be the path of a socket, without control characters.'
  const bytes = Buffer.byteLength(resolve(path))
  if (bytes < socketPathLimit) return undefined
  return `must have at most ${socketPathLimit - 1} bytes as an absolute path, and has ${bytes}; choose a shorter path.`
}

// Its own text names the flag, the variable and the field.
function checkAdmission(json: string): void {
  try {
    parseAdmissionPolicy(json)
  } catch (cause) {
    throw new CommandLineError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function rustLogLevel({ RUST_LOG: directives = '' }: Environment): string | undefined {
  const problem = findRustLogProblem(directives)
  if (problem !== undefined) throw new CommandLineError(`RUST_LOG, which wins over --log-level, ${problem}`)
  return readRustLog(directives)
}
