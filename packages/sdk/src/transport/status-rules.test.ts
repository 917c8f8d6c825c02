import { Code } from '@connectrpc/connect'
import { expect, test } from 'vitest'
import { STATUS_RULES, statusName } from './status-rules.js'

test('names every status as gRPC does and gives each a kind', () => {
  const table = Object.entries(STATUS_RULES).map(([code, { kind, dispatched }]) => {
    return `${statusName(Number(code) as Code)}: ${kind}${dispatched ? ' dispatched' : ''}`
  })
  expect(table).toMatchInlineSnapshot(`
    [
      "CANCELLED: unavailable dispatched",
      "UNKNOWN: internal dispatched",
      "INVALID_ARGUMENT: invalid-argument",
      "DEADLINE_EXCEEDED: timeout dispatched",
      "NOT_FOUND: not-found",
      "ALREADY_EXISTS: already-exists",
      "PERMISSION_DENIED: permission-denied",
      "RESOURCE_EXHAUSTED: resource-exhausted dispatched",
      "FAILED_PRECONDITION: failed-precondition",
      "ABORTED: conflict dispatched",
      "OUT_OF_RANGE: invalid-argument",
      "UNIMPLEMENTED: unsupported",
      "INTERNAL: internal dispatched",
      "UNAVAILABLE: unavailable dispatched",
      "DATA_LOSS: internal dispatched",
      "UNAUTHENTICATED: unauthenticated",
    ]
  `)
  expect(table).toHaveLength(Object.values(Code).filter((code) => typeof code === 'number').length)
})
