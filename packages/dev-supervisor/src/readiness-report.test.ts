import { status as Code } from '@grpc/grpc-js'
import { ProviderReadinessReason as Reason } from '@openshell-ts/protocol/v0-1'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ReadinessObservation } from './later-gateway.js'
import { observe, ReadinessReport, type SandboxState } from './readiness-report.js'

const state: SandboxState = {
  providers: { revision: 1n, attachmentEpoch: 'epoch', allVariables: true, allFiles: true },
  configRevision: 2n,
  policyHash: 'hash',
}
const changed: SandboxState = { ...state, providers: { ...state.providers, revision: 9n } }

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

/** A gateway that answers with these waits, or fails with these codes; then it wants reports each 3 s. */
function startReport(...answers: readonly { readonly fails: Code }[]) {
  const heard: ReadinessObservation[] = []
  const ended = new AbortController()
  const left = [...answers]
  const report = new ReadinessReport({
    sessionId: 'session',
    instanceId: 'instance',
    logger: pino({ level: 'silent' }),
    signal: ended.signal,
    send: async (observation) => {
      heard.push(observation)
      const failure = left.shift()
      if (failure) throw Object.assign(new Error('no'), { code: failure.fails })
      return 3_000
    },
  })
  return { report, ended, sequences: () => heard.map(({ sequence }) => sequence), heard }
}

test('a state is told once, and a change at once', async () => {
  const { report, heard } = startReport()
  for (const next of [state, state, changed]) await report.update(next)
  expect(heard).toMatchObject([
    { sessionId: 'session', sequence: 1n, processInstanceId: 'instance', providerEnvRevision: 1n },
    { sequence: 2n, providerEnvRevision: 9n },
  ])
})

test('it is told again in each interval that the gateway wants, until the session ends', async () => {
  const { report, ended, sequences } = startReport()
  await report.update(state)
  await vi.advanceTimersByTimeAsync(2_999)
  expect(sequences()).toEqual([1n])
  await vi.advanceTimersByTimeAsync(3_001)
  expect(sequences()).toEqual([1n, 2n, 3n])
  ended.abort()
  await vi.advanceTimersByTimeAsync(60_000)
  await report.update(changed)
  expect(sequences()).toEqual([1n, 2n, 3n])
})

test('a report that failed is made again with the next look', async () => {
  const { report, sequences } = startReport({ fails: Code.UNAVAILABLE })
  for (const next of [state, state, state]) await report.update(next)
  expect(sequences()).toEqual([1n, 2n])
})

test('a gateway that takes no reports gets no more', async () => {
  const { report, sequences } = startReport({ fails: Code.UNIMPLEMENTED })
  for (const next of [state, changed]) await report.update(next)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sequences()).toEqual([1n])
})

test.each([
  [{}, { credentialsInstalled: true, launchEnvironmentInstalled: true, reason: Reason.UNSPECIFIED }],
  [{ allVariables: false }, { credentialsInstalled: false, reason: Reason.CREDENTIAL_INSTALL_FAILED }],
  [{ allFiles: false }, { launchEnvironmentInstalled: false, reason: Reason.PROCESS_INSTALL_FAILED }],
])('what could not be installed (%j) is a failure', (part, expected) => {
  expect(observe({ ...state, providers: { ...state.providers, ...part } })).toMatchObject(expected)
})
