import { expect, test } from 'vitest'
import type { SandboxRow } from '../records/sandbox-row.js'
import { createGatewayStore } from '../store/gateway-store.js'
import { watchSandbox } from './watch-sandbox.js'

const line = (message: string) => ({
  timestampMs: 1n,
  level: 'INFO',
  target: '',
  message,
  source: 'sandbox',
  fields: {},
})

test('what comes while the reader is slow is told once', async () => {
  const store = createGatewayStore(() => 0)
  const events = watchSandbox(store, { id: 'box' } as SandboxRow, {
    followStatus: false,
    followLogs: true,
    followEvents: false,
    logTailLines: 10,
    eventTail: 0,
    logSources: [],
    logMinLevel: '',
    logSinceMs: 0n,
    endsAfter: () => false,
    signal: new AbortController().signal,
  })
  store.logs.push('box', line('before'))
  const told = [(await events.next()).value]
  store.logs.push('box', line('meanwhile'))
  told.push((await events.next()).value, (await events.next()).value)
  store.logs.push('box', line('later'))
  told.push((await events.next()).value)
  await events.return(undefined)
  expect(told.map((event) => (event?.type === 'log' ? event.line.message : event?.type))).toEqual([
    'status',
    'before',
    'meanwhile',
    'later',
  ])
})
