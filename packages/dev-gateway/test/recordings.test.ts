import { describe, expect, test } from 'vitest'
import { normalize, type Recording, readRecordings } from './recording.js'
import { type Observed, RecordingPlayer } from './recording-player.js'

const areas = [
  'auth',
  'delete',
  'envelope',
  'limits',
  'phase',
  'session',
  'status',
  'trailers',
  'translate',
  'workspace',
]

// What the real gateway did, without what the recording tool added about itself.
function expected({ observed }: Recording): Observed {
  const calls = observed.driver_calls.map(({ step, rpc, request }) => ({
    step: step ?? null,
    rpc: rpc ?? null,
    ...(request !== undefined && { request: withOneName(request) }),
  }))
  return {
    driver_calls: normalize(calls as never),
    client_results: normalize(observed.client_results as never),
    rows: normalize(observed.rows as never),
  }
}

function withOneName(request: unknown): unknown {
  return JSON.parse(JSON.stringify(request).replaceAll('"sandbox_name":', '"name":'))
}

describe.each(areas)('%s', (area) => {
  test.each(readRecordings(area).map((recording) => [recording.id, recording] as const))(
    '%s is as recorded from the real gateway',
    async (_id, recording) => {
      await using player = await RecordingPlayer.start(recording)
      expect(await player.play()).toEqual(expected(recording))
    },
  )
})
