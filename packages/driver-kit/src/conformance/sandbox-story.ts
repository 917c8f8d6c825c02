import type { DriverSandbox, WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import { answerOf, refusalOf } from './call-outcome.js'
import { CaseFailure, CaseSkip, expectThat } from './case-outcome.js'
import type { ConformanceSession, OwnSandbox } from './conformance-session.js'
import { describeSandbox, isRunning, isSuspended, isTerminal } from './sandbox-status.js'
import { sandboxOf, type WatchRecorder } from './watch-recorder.js'

/** The stages of one sandbox's life, in order. */
export type StageName = 'created' | 'running' | 'stopped' | 'restarted' | 'deleted'

/** What the driver said about the sandbox at the end of a stage. */
export interface Stage {
  readonly got: DriverSandbox | undefined
  readonly listed: DriverSandbox | undefined
  /** How many events the watch had sent by then. */
  readonly eventCount: number
}

/** The life of one sandbox, watched from before its creation until after its end. */
export interface SandboxStory {
  readonly sandbox: OwnSandbox
  readonly events: readonly WatchSandboxesEvent[]
  readonly stages: ReadonlyMap<StageName, Stage>
  /** Where the story broke off, and why; absent when it was told to its end. */
  readonly problem?: { readonly stage: StageName; readonly failure: CaseFailure }
}

/** The stories by the shared session of their run. */
const stories = new WeakMap<ConformanceSession, Promise<SandboxStory>>()

/** The story of this run; the first case that asks for it makes it happen. */
export function storyOf({ shared }: ConformanceSession): Promise<SandboxStory> {
  const story = stories.get(shared) ?? tellStory(shared)
  stories.set(shared, story)
  return story
}

/** A stage that the story has reached. @throws CaseSkip when it broke off before; the case of that stage reports why. */
export function stageOf(story: SandboxStory, name: StageName): Stage {
  const stage = story.stages.get(name)
  if (stage !== undefined) return stage
  throw new CaseSkip(`the sandbox did not get this far; see lifecycle/${story.problem?.stage ?? name}`)
}

/**
 * The snapshots that the watch sent on the way from one stage to the next; from its beginning when `from` is absent. A way on
 * which the story broke off counts with what was sent until then.
 */
export function snapshotsBetween(story: SandboxStory, from: StageName | undefined, to: StageName): DriverSandbox[] {
  const start = from === undefined ? 0 : stageOf(story, from).eventCount
  const end = story.problem?.stage === to ? story.events.length : stageOf(story, to).eventCount
  return story.events.slice(start, end).flatMap((event) => {
    const sandbox = sandboxOf(event)
    return sandbox?.id === story.sandbox.id ? [sandbox] : []
  })
}

async function tellStory(session: ConformanceSession): Promise<SandboxStory> {
  const sandbox = session.newSandbox()
  const stages = new Map<StageName, Stage>()
  const watch = await session.watch()
  const steps: readonly (readonly [StageName, () => Promise<void>])[] = [
    ['created', async () => void (await session.createGood(sandbox))],
    ['running', () => untilRunning(watch, sandbox, 0)],
    ['stopped', () => stop(session, watch, sandbox)],
    ['restarted', () => start(session, watch, sandbox)],
    ['deleted', () => remove(session, watch, sandbox)],
  ]
  for (const [stage, step] of steps) {
    try {
      await step()
      stages.set(stage, await observe(session, watch, sandbox, stage === 'deleted'))
    } catch (failure) {
      if (!(failure instanceof CaseFailure)) throw failure
      return { sandbox, stages, events: watch.events, problem: { stage, failure } }
    }
  }
  return { sandbox, stages, events: watch.events }
}

async function untilRunning(watch: WatchRecorder, { id }: OwnSandbox, from: number): Promise<void> {
  const decided = (sandbox: DriverSandbox) => isRunning(sandbox) || isTerminal(sandbox)
  await watch.until(
    'a snapshot with Ready=True',
    (event) => {
      const sandbox = sandboxOf(event)
      return sandbox?.id === id && decided(sandbox)
    },
    from,
  )
  const outcome = watch.snapshots(id, from).find(decided)
  if (outcome === undefined || isRunning(outcome)) return
  throw new CaseFailure(
    'the sandbox to become Ready=True, with a transient reason such as Starting until then',
    describeSandbox(outcome),
  )
}

async function stop(session: ConformanceSession, watch: WatchRecorder, { id, name }: OwnSandbox): Promise<void> {
  const from = watch.events.length
  answerOf(await session.call('stopSandbox', { sandboxId: id, name }), 'StopSandbox of a running sandbox')
  const suspended = (event: WatchSandboxesEvent) => {
    const sandbox = sandboxOf(event)
    return sandbox?.id === id && isSuspended(sandbox)
  }
  await watch.until('a snapshot with Suspended=True', suspended, from)
}

async function start(session: ConformanceSession, watch: WatchRecorder, sandbox: OwnSandbox): Promise<void> {
  const from = watch.events.length
  answerOf(await session.start(sandbox), 'StartSandbox of a stopped sandbox')
  await untilRunning(watch, sandbox, from)
}

async function remove(session: ConformanceSession, watch: WatchRecorder, sandbox: OwnSandbox): Promise<void> {
  const { id } = sandbox
  const answer = answerOf(await session.delete(sandbox), 'DeleteSandbox')
  expectThat(answer.deleted, 'DeleteSandbox to answer deleted=true', 'deleted=false')
  await watch.until('a deleted event', ({ payload }) => payload.case === 'deleted' && payload.value.sandboxId === id)
  await fence(session, watch)
}

/** Makes a change elsewhere and waits for its event, so that everything before it has arrived. */
export async function fence(session: ConformanceSession, ...watches: readonly WatchRecorder[]): Promise<OwnSandbox> {
  const other = await session.createGood()
  await Promise.all(
    watches.map((watch) => watch.until('a snapshot of a new sandbox', (event) => sandboxOf(event)?.id === other.id)),
  )
  return other
}

async function observe(
  session: ConformanceSession,
  watch: WatchRecorder,
  sandbox: OwnSandbox,
  gone: boolean,
): Promise<Stage> {
  const { id, name } = sandbox
  const outcome = await session.call('getSandbox', { sandboxId: id, name })
  const listed = (await session.list()).find((one) => one.id === id)
  const eventCount = watch.events.length
  if (!gone) return { got: answerOf(outcome, 'GetSandbox with id and name').sandbox, listed, eventCount }
  refusalOf(outcome, 'GetSandbox of a deleted sandbox', 'NOT_FOUND')
  return { got: undefined, listed, eventCount }
}
