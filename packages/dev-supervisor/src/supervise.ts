import { setTimeout as delay } from 'node:timers/promises'
import { mainEnvironment } from './child-environment.js'
import { followConfig } from './config-poll.js'
import { reportMainProcessExit } from './exit-report.js'
import { type MainProcess, startMainProcess } from './main-process.js'
import { defaultMainProcess } from './main-process-spec.js'
import { type OpenSandbox, openSandbox } from './open-sandbox.js'
import { Relays } from './relay.js'
import { keepSession } from './session-loop.js'
import { listenOnSshSocket, type SshSocket } from './ssh-socket.js'
import { StopControl } from './stop-control.js'
import type { SuperviseOptions } from './supervise-options.js'
import type { Supervisor, SupervisorExit } from './supervisor.js'
import { keepTokenFresh } from './token-renewal.js'

const DEFAULT_STOP_GRACE_MS = 10_000
const DEFAULT_EXIT_REPORT_TIMEOUT_MS = 30_000
const RENEWAL_TIMEOUT_MS = 10_000
const DEFAULT_CONFIG_POLL_MS = 10_000
const FIRST_PROVIDERS_TIMEOUT_MS = 5_000
const WATCHERS_DRAIN_MS = 2_000
const LATER_WATCHERS_DRAIN_MS = 30_000

/**
 * Runs a sandbox: starts its main process, serves commands, and keeps a session with the gateway until the main process ends.
 *
 * Resolves when the main process runs and the SSH server is there; a gateway that is away is tried again for as long as that
 * lasts, and the main process has no variables of providers then. @throws SupervisorError when an option cannot be used; nothing is left running then.
 */
export async function supervise(options: SuperviseOptions): Promise<Supervisor> {
  const sandbox = await openSandbox(options)
  await readFirstProviders(options, sandbox)
  let socket: SshSocket | undefined
  let main: MainProcess
  try {
    socket = await openSocket(options, sandbox)
    main = await startMain(options, sandbox)
  } catch (error) {
    await socket?.close()
    await sandbox.providers.close()
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

// The main process starts once, so that what it shall have of the providers is asked for before.
async function readFirstProviders({ sandboxId }: SuperviseOptions, { connect, providers }: OpenSandbox): Promise<void> {
  const connection = connect()
  await providers.update(() => connection.getProviderEnvironment(sandboxId, FIRST_PROVIDERS_TIMEOUT_MS))
  connection.release()
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
  await sandbox.providers.close()
  return { exitCode, reported }
}

function openSessions({ options, sandbox }: SupervisedMain, relays: Relays, signal: AbortSignal): Promise<void> {
  const { instanceId, endpointUrl, logger, logs, token, providers, connect } = sandbox
  const { sandboxId, sandboxName, configPollMs = DEFAULT_CONFIG_POLL_MS } = options
  return keepSession({
    connect,
    endpointUrl,
    sandboxId,
    instanceId,
    relays,
    logger,
    signal,
    onAccepted({ connection, line, sessionId, signal: sessionEnded }) {
      sandbox.line = line
      const renew = () => connection.refreshSandboxToken(RENEWAL_TIMEOUT_MS)
      void keepTokenFresh({ token, renew, logger, signal: sessionEnded })
      const own = { sandboxId, sandboxName, sessionId, instanceId, providers }
      void followConfig({ connection, line, ...own, intervalMs: configPollMs, logger, signal: sessionEnded })
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
    isAwaited: () => stopControl.requested,
    signal: AbortSignal.any([timeout, stopControl.giveUp]),
  })
  stopControl.reportEnded()
  return reported
}
