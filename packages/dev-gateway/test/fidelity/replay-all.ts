import { compare, type Difference } from './compare.js'
import { judge, type KnownDifference, type Verdict } from './known-differences.js'
import { playRecording } from './play-recording.js'
import type { RecordedStep, Recording } from './recording.js'

/** A scenario that was replayed, and how it compares. */
export interface ReplayResult {
  readonly id: string
  readonly area: string
  readonly verdict: Verdict
  /** Why a listed scenario is listed. */
  readonly reason?: string
  readonly differences: readonly Difference[]
}

/** How many scenarios run at once: enough that those which wait cost nothing. */
const concurrency = 12

/**
 * Replays scenarios, several at once, each against a gateway of its own. The results come under their ids.
 *
 * One that is not as expected is replayed again, alone, when all others are done, and that counts: on a busy machine a
 * recorded deadline can pass before the call has arrived.
 */
export function replayAll(
  recordings: readonly Recording[],
  known: readonly KnownDifference[],
): ReadonlyMap<string, Promise<ReplayResult>> {
  const queue = longestFirst(recordings).values()
  const results = new Map(recordings.map(({ id }) => [id, deferred<ReplayResult>()]))
  const again: Recording[] = []
  const replayOnce = (recording: Recording) =>
    replay(
      recording,
      known.find(({ id }) => id === recording.id),
    )
  const work = async () => {
    for (const recording of queue) {
      const result = await replayOnce(recording)
      if (isAsExpected(result)) results.get(result.id)?.resolve(result)
      else again.push(recording)
    }
  }
  const workers = Array.from({ length: concurrency }, work)
  void Promise.all(workers).then(async () => {
    for (const recording of again) results.get(recording.id)?.resolve(await replayOnce(recording))
  })
  return new Map([...results].map(([id, { promise }]) => [id, promise]))
}

/** Whether a scenario did what was expected of it. */
export function isAsExpected({ verdict }: ReplayResult): boolean {
  return verdict === 'agrees' || verdict === 'known difference'
}

function deferred<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined
  const promise = new Promise<Value>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

async function replay(recording: Recording, known: KnownDifference | undefined): Promise<ReplayResult> {
  const { id, area } = recording
  const differences = await differencesOf(recording)
  return { id, area, verdict: judge(known, differences), ...(known && { reason: known.reason }), differences }
}

// A scenario that cannot be played to its end differs as well.
async function differencesOf(recording: Recording): Promise<readonly Difference[]> {
  try {
    return compare(recording, await playRecording(recording))
  } catch (error) {
    return [{ path: 'replay', replayed: error instanceof Error ? error.message : String(error) }]
  }
}

function longestFirst(recordings: readonly Recording[]): Recording[] {
  const waits = new Map(recordings.map((recording) => [recording, recording.steps.reduce(addWait, 0)]))
  return [...recordings].sort((left, right) => (waits.get(right) ?? 0) - (waits.get(left) ?? 0))
}

function addWait(sum: number, { wait = 0, wait_end: end = 0 }: RecordedStep): number {
  return sum + wait + end
}
