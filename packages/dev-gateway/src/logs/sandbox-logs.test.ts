import { expect, test } from 'vitest'
import type { SandboxRow } from '../records/sandbox-row.js'
import { createGatewayStore, removeSandbox } from '../store/gateway-store.js'
import { takeLogs } from './sandbox-logs.js'

const line = { timestampMs: 1n, level: 'INFO', target: '', message: 'm', fields: {} }

test('lines of a sandbox that is removed meanwhile are dropped', async () => {
  const store = createGatewayStore(() => 0)
  store.sandboxes.insert({ id: 'box', name: 'box', workspace: 'default' } as SandboxRow)
  const told: number[] = []
  async function* batches() {
    yield 'while it is there'
    told.push(store.logs.tail('box', 10).length)
    removeSandbox(store, 'box')
    yield 'afterwards'
    told.push(store.logs.tail('box', 10).length)
  }
  await takeLogs(store, { type: 'sandbox', sandboxId: 'box' } as never, batches(), () => ({
    sandboxId: 'box',
    lines: [line],
  }))
  expect(told).toEqual([1, 0])
})
