import { expandStep } from './expand-step.js'
import { normalize } from './normalize.js'
import type { JsonMap, Observed, Recording } from './recording.js'
import { ReplayWorld } from './replay-world.js'
import { type Replay, runStep } from './run-step.js'

/** Runs the steps of a recording against a development gateway of its own, and returns what both sides saw. */
export async function playRecording(recording: Recording): Promise<Observed> {
  await using world = await ReplayWorld.create(recording)
  const replay: Replay = { world, results: [], rows: [], gateway: [], variables: {} }
  const started = await world.startGateway(recording.run?.ready_ms ?? Number.POSITIVE_INFINITY)
  replay.gateway.push({ step: -1, event: 'start', ...started })
  const first = recording.area === 'startup' || recording.run?.all_calls ? 0 : world.log.count()
  for (const [index, step] of recording.steps.entries()) {
    world.log.step = index
    await runStep(replay, expandStep(step, replay.variables), index)
  }
  return inRecordedForm(recording, world, replay, world.log.recorded(first))
}

function inRecordedForm({ id }: Recording, world: ReplayWorld, replay: Replay, calls: JsonMap[]): Observed {
  const observed = { driver_calls: calls, client_results: replay.results, rows: replay.rows, gateway: replay.gateway }
  const normal = normalize(observed as never, world.directory) as never as Observed
  // The one name that nobody chose.
  const name = id === 'translate/generated-name' ? world.log.created()?.name : undefined
  return name ? JSON.parse(JSON.stringify(normal).replaceAll(name, '<generated-name>')) : normal
}
