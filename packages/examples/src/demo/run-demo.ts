import { findProcess } from '../local-process/process-table.js'
import { createDemoFolder, type DemoFolder } from './demo-folder.js'
import type { DemoOutput } from './demo-output.js'
import { startClient, startDriver, startGateway } from './demo-parts.js'
import { findFreePort } from './free-port.js'
import type { DemoTraces } from './leftovers.js'
import type { Part } from './part.js'
import { shutDown } from './shut-down.js'
import { PartFailedError, untilListening } from './until-listening.js'

const START_TIMEOUT_MS = 15_000
const CLIENT_STOP_MS = 20_000

/** What a run of the demo needs from outside. */
export interface DemoOptions {
  readonly output: DemoOutput
  /** Ends the run early; everything is cleaned up all the same. */
  readonly signal: AbortSignal
}

/** One run: what it started so far. */
interface DemoRun extends DemoOptions {
  readonly folder: DemoFolder
  readonly gatewayPort: number
  /** In the order in which they are stopped. */
  readonly parts: Part[]
  readonly traces: DemoTraces['processes'][number][]
}

/**
 * Runs gateway, driver and client as processes of their own, and cleans up whatever happens.
 *
 * @returns the exit code: 0 when the story was told to its end and nothing is left behind.
 */
export async function runDemo({ output, signal }: DemoOptions): Promise<number> {
  const folder = createDemoFolder()
  const run: DemoRun = { output, signal, folder, gatewayPort: await findFreePort(), parts: [], traces: [] }
  const storyCode = await tellStory(run).catch((error: unknown) => reportFailure(run, error))
  const clean = await shutDown({
    output,
    folder,
    parts: run.parts,
    traces: {
      processes: run.traces,
      folder: folder.path,
      addresses: [{ path: folder.driverSocket }, { host: '127.0.0.1', port: run.gatewayPort }],
    },
  })
  return storyCode === 0 && !clean ? 1 : storyCode
}

async function tellStory(run: DemoRun): Promise<number> {
  const { folder, gatewayPort, output, signal } = run
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`
  const waitOptions = { timeoutMs: START_TIMEOUT_MS, signal }

  output.heading('The whole story, each part in a process of its own')
  const driver = track(run, startDriver(folder, gatewayUrl))
  await untilListening(driver, { path: folder.driverSocket }, waitOptions)
  output.done(`driver "local-process" (process ${driver.pid}) listens on ${folder.driverSocket}`)

  const gateway = track(run, startGateway(folder, gatewayPort))
  await untilListening(gateway, { host: '127.0.0.1', port: gatewayPort }, waitOptions)
  output.done(`gateway (process ${gateway.pid}) serves ${gatewayUrl}`)

  const client = track(run, startClient(gatewayUrl))
  output.done(`client (process ${client.pid}) begins: sandbox-story --gateway ${gatewayUrl}`)
  return followClient(client, [gateway, driver], signal)
}

/** Ends with the client's exit code, unless a part that it needs ends first. */
async function followClient(client: Part, servers: readonly Part[], signal: AbortSignal): Promise<number> {
  const interrupt = () => void client.stop({ signal: 'SIGINT', killAfterMs: CLIENT_STOP_MS })
  signal.addEventListener('abort', interrupt)
  const serverEnds = servers.map(async (part) => ({ part, end: await part.ended }))
  const first = await Promise.race([client.ended, ...serverEnds])
  if ('exitCode' in first) return first.exitCode
  // The client says in its own words what it lacks now; then the demo tells why.
  await client.stop({ signal: 'SIGINT', killAfterMs: CLIENT_STOP_MS })
  throw new PartFailedError(first.part, `ended in the middle of the story, with ${first.end.text}`)
}

/** Registers a part, so that it is stopped and looked for at the end, whatever happens. */
function track(run: DemoRun, part: Part): Part {
  run.parts.unshift(part)
  const identity = findProcess(part.pid)
  if (identity !== undefined) run.traces.push({ name: part.name, identity })
  return part
}

function reportFailure({ output, signal }: DemoRun, error: unknown): number {
  if (signal.aborted) return 130
  if (!(error instanceof PartFailedError)) throw error
  output.failed(error.message)
  output.quote(error.part.lastLines())
  return 1
}
