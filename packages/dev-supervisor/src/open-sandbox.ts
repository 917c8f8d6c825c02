import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Logger, pino } from 'pino'
import type { ChildEnvironmentOptions } from './child-environment.js'
import { createCommandLauncher } from './command-launcher.js'
import { findShell } from './find-shell.js'
import { GatewayConnection } from './gateway-connection.js'
import { openGatewayEndpoint } from './gateway-endpoint.js'
import type { GatewayLine } from './gateway-line.js'
import { LogPush } from './log-push.js'
import { MainConsole } from './main-console.js'
import { processMark } from './marked-processes.js'
import { ProcessGroups } from './process-groups.js'
import { ProviderEnvironment } from './provider-environment.js'
import { ProviderFiles } from './provider-files.js'
import { pushingLogger } from './pushing-logger.js'
import { readSandboxToken, type SandboxToken } from './sandbox-token.js'
import { serveSftp } from './sftp/serve-sftp.js'
import { SshServer } from './ssh-server.js'
import type { SuperviseOptions } from './supervise-options.js'
import { SupervisorError } from './supervisor-error.js'

const ISSUE_TIMEOUT_MS = 10_000

/** The parts of a sandbox that live as long as its supervisor. */
export interface OpenSandbox {
  readonly instanceId: string
  readonly logger: Logger
  readonly endpointUrl: string
  readonly token: SandboxToken
  readonly environment: ChildEnvironmentOptions
  readonly providers: ProviderEnvironment
  readonly groups: ProcessGroups
  readonly ssh: SshServer
  readonly console: MainConsole
  readonly logs: LogPush
  /** What the gateway of the last session speaks. */
  line: GatewayLine
  readonly connect: () => GatewayConnection
}

/**
 * Opens all that a sandbox needs before its main process starts.
 *
 * @throws SupervisorError when an option cannot be used.
 */
export async function openSandbox(options: SuperviseOptions): Promise<OpenSandbox> {
  const { sandboxId } = options
  if (sandboxId === '') throw unusable('OPENSHELL_SANDBOX_ID is empty. Set it to the id of the sandbox.')
  const workdir = await openWorkdir(options.workdir)
  const endpoint = await openGatewayEndpoint(options.endpoint, options.tls)
  const token = await readSandboxToken(options.token, async (credential) => {
    const connection = new GatewayConnection(endpoint, credential)
    try {
      return await connection.issueSandboxToken(ISSUE_TIMEOUT_MS)
    } finally {
      connection.release()
    }
  })
  const instanceId = randomUUID()
  const logs = new LogPush(sandboxId)
  const logger = pushingLogger(options.logger ?? pino({ level: 'silent' }), logs)
  const mark = processMark(sandboxId, instanceId)
  const groups = new ProcessGroups(mark)
  const providers = new ProviderEnvironment(logger, new ProviderFiles(workdir))
  const environment: ChildEnvironmentOptions = {
    workdir,
    shell: findShell(logger),
    userEnvironment: options.userEnvironment ?? {},
    providerVariables: () => providers.variables(Date.now()),
    mark,
    inherited: process.env,
  }
  const console = new MainConsole()
  const ssh = new SshServer(
    {
      launch: createCommandLauncher(environment, groups),
      attach: (request) => console.attach(request),
      serveSftp: (sftp) => serveSftp(sftp, workdir),
    },
    logger,
  )
  const connect = () => new GatewayConnection(endpoint, token)
  return {
    instanceId,
    logger,
    endpointUrl: endpoint.url,
    token,
    environment,
    providers,
    groups,
    ssh,
    console,
    logs,
    line: '0.0',
    connect,
  }
}

async function openWorkdir(path = process.cwd()): Promise<string> {
  const workdir = resolve(path)
  const found = await stat(workdir).catch(() => undefined)
  if (!found?.isDirectory())
    throw unusable(`The workdir ${workdir} is no folder. Create it, or name another one with --workdir.`)
  return workdir
}

function unusable(message: string): SupervisorError {
  return new SupervisorError({ kind: 'configuration', message })
}
