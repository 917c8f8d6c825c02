import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Logger, pino } from 'pino'
import { type ChildEnvironmentOptions, mainEnvironment } from './child-environment.js'
import { createCommandLauncher } from './command-launcher.js'
import { followConfig } from './config-poll.js'
import { reportMainProcessExit } from './exit-report.js'
import { findShell } from './find-shell.js'
import { GatewayConnection } from './gateway-connection.js'
import { openGatewayEndpoint } from './gateway-endpoint.js'
import type { GatewayLine } from './gateway-line.js'
import { LogPush } from './log-push.js'
import { MainConsole } from './main-console.js'
import { type MainProcess, startMainProcess } from './main-process.js'
import { defaultMainProcess } from './main-process-spec.js'
import { processMark } from './marked-processes.js'
import { ProcessGroups } from './process-groups.js'
import { pushingLogger } from './pushing-logger.js'
import { Relays } from './relay.js'
import { readSandboxToken, type SandboxToken } from './sandbox-token.js'
import { keepSession } from './session-loop.js'
import { serveSftp } from './sftp/serve-sftp.js'
import { SshServer } from './ssh-server.js'
import { listenOnSshSocket, type SshSocket } from './ssh-socket.js'
import { StopControl } from './stop-control.js'
import type { SuperviseOptions } from './supervise-options.js'
import type { Supervisor, SupervisorExit } from './supervisor.js'
import { SupervisorError } from './supervisor-error.js'
import { keepTokenFresh } from './token-renewal.js'

const DEFAULT_STOP_GRACE_MS = 10_000
const DEFAULT_EXIT_REPORT_TIMEOUT_MS = 30_000
const RENEWAL_TIMEOUT_MS = 10_000
const DEFAULT_CONFIG_POLL_MS = 10_000
const WATCHERS_DRAIN_MS = 2_000
const LATER_WATCHERS_DRAIN_MS = 30_000

/**
 * Runs a sandbox: starts its main process, serves commands, and keeps a session with the gateway until the main process ends.
 *
 * Resolves when the main process runs and the SSH server is there; a gateway that is away is tried again for as long as that
 * lasts. @throws SupervisorError when an option cannot be used; nothing is left running then.
 */
export async function supervise(options: SuperviseOptions): Promise<Supervisor> {
  const sandbox = await openSandbox(options)
  const socket = await openSocket(options, sandbox)
  let main: MainProcess
  try {
    main = await startMain(options, sandbox)
  } catch (error) {
    await socket?.close()
    throw error
  }
  const stopControl = new StopControl(main)
  const exited = superviseMain(main, { options, sandbox, socket, stopControl })
  const stop: Supervisor['stop'] = ({ graceMs = options.stopGraceMs ?? DEFAULT_STOP_GRACE_MS } = {}) => {
    stopControl.request(graceMs)
    return exited
  }
  return {
    instanceId: sandbox.instanceId,
    mainProcessId: main.processId,
    exited,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

/** The parts of a sandbox that live as long as its supervisor. */
interface OpenSandbox {
  readonly instanceId: string
  readonly logger: Logger
  readonly endpointUrl: string
  readonly token: SandboxToken
  readonly environment: ChildEnvironmentOptions
  readonly groups: ProcessGroups
  readonly ssh: SshServer
  readonly console: MainConsole
  readonly logs: LogPush
  /** What the gateway of the last session speaks. */
  line: GatewayLine
  readonly connect: () => GatewayConnection
}

async function openSandbox(options: SuperviseOptions): Promise<OpenSandbox> {
  const { sandboxId } = options
  if (sandboxId === '') throw unusable('OPENSHELL_SANDBOX_ID is empty. Set it to the id of the sandbox.')
  const workdir = await openWorkdir(options.workdir)
  const endpoint = await openGatewayEndpoint(options.endpoint, options.tls)
  const token = await readSandboxToken(options.token)
  const instanceId = randomUUID()
  const logs = new LogPush(sandboxId)
  const logger = pushingLogger(options.logger ?? pino({ level: 'silent' }), logs)
  const mark = processMark(sandboxId, instanceId)
  const groups = new ProcessGroups(mark)
  const environment: ChildEnvironmentOptions = {
    workdir,
    shell: findShell(logger),
    userEnvironment: options.userEnvironment ?? {},
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

async function openSocket({ sshSocketPath }: SuperviseOptions, { ssh }: OpenSandbox): Promise<SshSocket | undefined> {
  return sshSocketPath ? listenOnSshSocket(sshSocketPath, (socket) => ssh.serve(socket)) : undefined
}

function startMain(
  options: SuperviseOptions,
  { environment, groups, console, logger }: OpenSandbox,
): Promise<MainProcess> {
  const spec = options.mainProcess ?? defaultMainProcess
  return startMainProcess({
    spec,
    workdir: environment.workdir,
    environment: mainEnvironment(environment, { term: spec.tty ? 'xterm-256color' : 'dumb' }),
    stdout: options.stdout,
    stderr: options.stderr,
    groups,
    console,
    logger,
  })
}

interface SupervisedMain {
  readonly options: SuperviseOptions
  readonly sandbox: OpenSandbox
  readonly socket: SshSocket | undefined
  readonly stopControl: StopControl
}

async function superviseMain(main: MainProcess, supervised: SupervisedMain): Promise<SupervisorExit> {
  const { options, sandbox, socket, stopControl } = supervised
  const { groups, ssh, console, logger } = sandbox
  const relays = new Relays({ serveSsh: (stream) => ssh.serve(stream), logger })
  const ended = new AbortController()
  // A main process that never ran has nothing to offer: only its exit is reported.
  const sessions = main.processId === undefined ? undefined : openSessions(supervised, relays, ended.signal)
  const exitCode = await main.exitCode
  stopControl.mainEnded()
  logger.info({ exitCode }, 'the main process has ended')
  // Whoever watches gets the rest and the exit code, unless it does not read.
  const shown = console.end(exitCode)
  const shownBy = (limitMs: number) => Promise.race([shown, delay(limitMs, undefined, { ref: false })])
  const later = sandbox.line === '0.1'
  // Line 0.1 hears of the exit first, and of the end of the watchers afterwards.
  if (!later) await shownBy(WATCHERS_DRAIN_MS)
  ended.abort()
  await sessions
  const finalizeAfter = later ? shownBy(LATER_WATCHERS_DRAIN_MS) : undefined
  const reported = await report(exitCode, finalizeAfter, { options, sandbox, stopControl })
  relays.close()
  ssh.close()
  await Promise.all([socket?.close(), groups.killAll()])
  return { exitCode, reported }
}

function openSessions({ options, sandbox }: SupervisedMain, relays: Relays, signal: AbortSignal): Promise<void> {
  const { instanceId, endpointUrl, logger, logs, token, connect } = sandbox
  const { sandboxId, configPollMs = DEFAULT_CONFIG_POLL_MS } = options
  return keepSession({
    connect,
    endpointUrl,
    sandboxId,
    instanceId,
    relays,
    logger,
    signal,
    onAccepted({ connection, line, signal: sessionEnded }) {
      sandbox.line = line
      const renew = () => connection.refreshSandboxToken(RENEWAL_TIMEOUT_MS)
      void keepTokenFresh({ token, renew, logger, signal: sessionEnded })
      const poll = { connection, line, sandboxId, instanceId, intervalMs: configPollMs }
      void followConfig({ ...poll, logger, signal: sessionEnded })
      logs.open(connection, line, sessionEnded)
    },
  })
}

async function report(
  exitCode: number,
  finalizeAfter: Promise<unknown> | undefined,
  supervised: Omit<SupervisedMain, 'socket'>,
): Promise<boolean> {
  const { options, sandbox, stopControl } = supervised
  const timeout = AbortSignal.timeout(options.exitReportTimeoutMs ?? DEFAULT_EXIT_REPORT_TIMEOUT_MS)
  const reported = await reportMainProcessExit({
    connect: sandbox.connect,
    sandboxId: options.sandboxId,
    instanceId: sandbox.instanceId,
    exitCode,
    finalizeAfter,
    logger: sandbox.logger,
    signal: AbortSignal.any([timeout, stopControl.giveUp]),
  })
  stopControl.reportEnded()
  return reported
}

function unusable(message: string): SupervisorError {
  return new SupervisorError({ kind: 'configuration', message })
}
