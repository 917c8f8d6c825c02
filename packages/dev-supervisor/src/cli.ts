import { parseArgs, stripVTControlCharacters } from 'node:util'
import { type ArgsDef, defineCommand, renderUsage, runCommand } from 'citty'
import type { Logger } from 'pino'
import { createLogger } from './create-logger.js'
import { letHeapGrow } from './let-heap-grow.js'
import { supervise } from './supervise.js'
import type { SuperviseOptions } from './supervise-options.js'
import type { Supervisor } from './supervisor.js'
import { readSupervisorEnvironment } from './supervisor-environment.js'
import { SupervisorError } from './supervisor-error.js'

const flags = {
  workdir: {
    type: 'string',
    description: 'Folder that all processes start in, and their HOME; the current folder when absent',
  },
  'openshell-endpoint': { type: 'string', description: 'URL of the gateway; wins over OPENSHELL_ENDPOINT' },
  'sandbox-id': { type: 'string', description: 'Id of the sandbox; wins over OPENSHELL_SANDBOX_ID' },
  sandbox: { type: 'string', description: 'Name of the sandbox; wins over OPENSHELL_SANDBOX' },
  'stop-grace-ms': {
    type: 'string',
    description: 'How long the main process may take to end after SIGTERM; 10000 when absent, 0 kills it',
  },
} as const satisfies ArgsDef

const MORE_HELP = `
ENVIRONMENT

  OPENSHELL_ENDPOINT, OPENSHELL_SANDBOX_ID and OPENSHELL_SANDBOX_TOKEN_FILE are needed. The package's README has the others.

EXAMPLES

  openshell-dev-supervisor --workdir /tmp/my-sandbox -- python3 -m http.server 8000
  openshell-dev-supervisor --openshell-endpoint http://127.0.0.1:17670 --sandbox-id 0f0e… -- sleep infinity

EXIT CODES

  N     that of the main process; 128 + the number of the signal that ended it
  2     the environment or a flag cannot be used
  70    an error inside the supervisor
`

type Flags = { readonly [Name in keyof typeof flags]?: string | undefined }

const command = defineCommand({
  meta: {
    name: 'openshell-dev-supervisor',
    description: 'Connects a plain process to an OpenShell gateway. Words after -- are its main process.',
  },
  args: flags,
  async run({ args, rawArgs }) {
    refuseUnknownWords(rawArgs)
    letHeapGrow()
    const environment = withFlags(process.env, args)
    const name = environment['OPENSHELL_SANDBOX']
    const logger = createLogger(environment['OPENSHELL_LOG_LEVEL']).child(name ? { sandbox: name } : {})
    const supervisor = await supervise({
      ...readSupervisorEnvironment(environment),
      ...flagOptions(args, rawArgs),
      stdout: process.stdout,
      stderr: process.stderr,
      logger,
    })
    stopWithProcess(supervisor, logger)
    const { exitCode } = await supervisor.exited
    process.exit(exitCode)
  },
})

function refuseUnknownWords(rawArgs: readonly string[]): void {
  const end = rawArgs.indexOf('--')
  const options = Object.fromEntries(Object.keys(flags).map((name) => [name, { type: 'string' as const }]))
  const args = end === -1 ? [...rawArgs] : rawArgs.slice(0, end)
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional')
      throw unusable('A word belongs to no flag. Write the main process behind --, as in: -- sleep infinity')
    if (token.kind !== 'option') continue
    if (!Object.hasOwn(flags, token.name))
      throw unusable(`There is no flag ${token.rawName}. Run openshell-dev-supervisor --help for those that exist.`)
    if (token.value === undefined)
      throw unusable(`${token.rawName} needs a value. See openshell-dev-supervisor --help.`)
  }
}

function withFlags(environment: NodeJS.ProcessEnv, args: Flags): NodeJS.ProcessEnv {
  return {
    ...environment,
    OPENSHELL_ENDPOINT: args['openshell-endpoint'] || environment['OPENSHELL_ENDPOINT'],
    OPENSHELL_SANDBOX_ID: args['sandbox-id'] || environment['OPENSHELL_SANDBOX_ID'],
    OPENSHELL_SANDBOX: args.sandbox || environment['OPENSHELL_SANDBOX'],
  }
}

function flagOptions(args: Flags, rawArgs: readonly string[]): Partial<SuperviseOptions> {
  const end = rawArgs.indexOf('--')
  const [program, ...parameters] = end === -1 ? [] : rawArgs.slice(end + 1)
  return {
    ...(args.workdir ? { workdir: args.workdir } : {}),
    ...(args['stop-grace-ms'] ? { stopGraceMs: readMilliseconds(args['stop-grace-ms']) } : {}),
    ...(program ? { mainProcess: { command: [program, ...parameters], tty: false } } : {}),
  }
}

function readMilliseconds(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw unusable('--stop-grace-ms must be a whole number of milliseconds, such as 5000; 0 kills at once.')
}

/** The first signal stops, a second one kills. */
function stopWithProcess(supervisor: Supervisor, logger: Logger): void {
  let signals = 0
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signals += 1
      logger.info({ signal }, signals === 1 ? 'stopping' : 'stopping at once')
      void supervisor.stop(signals === 1 ? {} : { graceMs: 0 })
    })
  }
  process.on('uncaughtException', (error) => {
    logger.fatal({ reason: error.message, stack: error.stack }, 'internal error; ending the sandbox')
    void supervisor.stop({ graceMs: 0 }).then(() => process.exit(70))
  })
}

function unusable(message: string): SupervisorError {
  return new SupervisorError({ kind: 'configuration', message })
}

async function main(rawArgs: string[]): Promise<void> {
  // Whoever read the output may be gone; the sandbox lives on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const end = rawArgs.indexOf('--')
  const own = end === -1 ? rawArgs : rawArgs.slice(0, end)
  if (own.includes('--help') || own.includes('-h')) {
    const usage = await renderUsage(command)
    process.stdout.write(`${process.stdout.isTTY ? usage : stripVTControlCharacters(usage)}${MORE_HELP}`)
    return
  }
  try {
    await runCommand(command, { rawArgs })
  } catch (error) {
    if (!(error instanceof SupervisorError)) throw error
    process.stderr.write(`openshell-dev-supervisor: ${error.message}\n`)
    process.exitCode = 2
  }
}

void main(process.argv.slice(2))
