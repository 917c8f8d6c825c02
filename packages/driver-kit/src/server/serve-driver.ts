import { parseAdmissionPolicy } from '../contract/admission.js'
import { toCapabilities } from '../contract/capabilities.js'
import { ConfigGate } from '../contract/config-gate.js'
import type { Driver } from '../driver/driver.js'
import { type DriverLogger, silentLogger } from '../driver/driver-logger.js'
import { resolveSettings, type SettingDefinitions, type SettingValues } from '../driver/driver-settings.js'
import { DriverEngine } from '../engine/driver-engine.js'
import { FileSandboxStore } from '../engine/file-sandbox-store.js'
import type { SandboxStore } from '../engine/sandbox-store.js'
import { redactingLogger } from '../secrets/redacting-logger.js'
import { SocketServer } from './socket-server.js'

/** Where a driver listens and what it works with. */
export interface ServeDriverOptions<Definitions extends SettingDefinitions = SettingDefinitions> {
  /**
   * Path of the Unix socket. Its folder is created with mode 0700 when it is missing; it must belong to this user, and
   * nobody else may be able to write it. At most 107 bytes on Linux, 103 on macOS.
   */
  readonly socketPath: string
  /**
   * Folder for records, tokens and the sandboxes' own folders; created with mode 0700. Only one process may use it. Give
   * either this or a `store`.
   */
  readonly stateDirectory?: string
  /** Keeps the sandboxes somewhere else than in a folder, such as in the backend. It is closed with the server. */
  readonly store?: SandboxStore
  /** Values of the driver's own settings; the environment is not read. */
  readonly settings?: Partial<SettingValues<Definitions>>
  /** Where the driver logs. Nowhere when absent. */
  readonly logger?: DriverLogger
  /**
   * The operator's admission setting as JSON, the same as in the gateway's configuration: whether clients may send a
   * driver_config under gateways of line 0.1.
   *
   * @default '{}', which does not allow it
   */
  readonly admissionConfigJson?: string
  /**
   * How long `close` waits for calls that run. What still runs then is undone or resumed by the next start.
   *
   * @default 10_000
   */
  readonly drainTimeoutMs?: number
  /**
   * How long a handler may go on after its signal has aborted before a delete goes ahead without it.
   *
   * @default 10_000
   */
  readonly abortGraceMs?: number
  /**
   * How many events may wait for one watcher before it is cut off with an error.
   *
   * @default 4_096
   */
  readonly watchBacklogLimit?: number
}

/** A driver that serves. */
export interface DriverServer extends AsyncDisposable {
  /** Absolute path of the socket. */
  readonly socketPath: string
  /** Takes no new calls, waits for those that run, and leaves the socket. Sandboxes go on. */
  close(): Promise<void>
}

/**
 * Serves the driver on a Unix socket. Resolves when it has recovered what an earlier process left; calls that arrive
 * earlier wait for that.
 *
 * @throws Error with one sentence that says what to change when the socket, the state directory, a setting or the
 * admission setting cannot be used, or when the driver's `list` fails.
 */
export async function serveDriver<Current, Definitions extends SettingDefinitions>(
  driver: Driver<Current, Definitions>,
  options: ServeDriverOptions<Definitions>,
): Promise<DriverServer> {
  const { socketPath, admissionConfigJson = '{}' } = options
  const logger = redactingLogger(options.logger ?? silentLogger)
  const erased = driver as unknown as Driver
  const settings = resolveSettings(erased.settings, { given: options.settings ?? {} })
  const policy = parseAdmissionPolicy(admissionConfigJson)
  const gate = new ConfigGate(erased, policy)
  const store = await openStore(options)
  const engine = new DriverEngine({
    driver: erased,
    settings,
    store,
    gate,
    logger,
    abortGraceMs: options.abortGraceMs ?? 10_000,
    watchBacklogLimit: options.watchBacklogLimit ?? 4_096,
  })
  let server: SocketServer | undefined
  try {
    server = await SocketServer.listen({
      socketPath,
      engine,
      gate,
      logger,
      capabilities: toCapabilities(erased, policy.acknowledgement),
      drainTimeoutMs: options.drainTimeoutMs ?? 10_000,
    })
    await engine.recover()
  } catch (error) {
    await server?.close()
    await engine.close()
    throw error
  }
  server.setServing(true)
  logger.info({ socketPath: server.socketPath, version: driver.version }, 'Serving')
  return handle(server, engine)
}

async function openStore({
  stateDirectory,
  store,
}: Pick<ServeDriverOptions, 'stateDirectory' | 'store'>): Promise<SandboxStore> {
  if (stateDirectory !== undefined && store === undefined) return FileSandboxStore.open(stateDirectory)
  if (stateDirectory === undefined && store !== undefined) return store
  throw new TypeError('serveDriver keeps its sandboxes in one place: give it either a stateDirectory or a store.')
}

function handle(server: SocketServer, engine: DriverEngine): DriverServer {
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= server.close().then(() => engine.close())
    return closed
  }
  return { socketPath: server.socketPath, close, [Symbol.asyncDispose]: close }
}
