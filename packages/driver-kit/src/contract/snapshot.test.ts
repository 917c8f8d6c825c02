import { create, toBinary } from '@bufbuild/protobuf'
import { ListSandboxesResponseSchema } from '@openshell-ts/protocol/compute'
import { expect, test } from 'vitest'
import { fitList, toDriverSandbox } from './snapshot.js'

const limitBytes = 4_194_304

function sandboxes(count: number, messageLength: number) {
  return Array.from({ length: count }, (_, index) =>
    toDriverSandbox({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      name: `sandbox-${index}`,
      workspace: 'default',
      state: { type: 'failed', reason: 'ImagePullFailed', message: 'x'.repeat(messageLength) },
      since: '2026-01-01T00:00:00.000Z',
      restarted: true,
      deleting: false,
    }),
  )
}

test.each([
  ['whole when it fits', 10_000, 100, 'x'.repeat(100)],
  ['without messages when they are too long together', 10_000, 1_000, ''],
  ['with names alone when there are too many sandboxes', 30_000, 1, undefined],
] as const)('a list is %s', (_, count, messageLength, message) => {
  const list = fitList(sandboxes(count, messageLength))
  expect(list.length).toBe(count)
  expect(list[7]).toMatchObject({ id: '00000000-0000-4000-8000-000000000007', name: 'sandbox-7', workspace: 'default' })
  expect(list[7]?.status?.conditions[0]?.message).toBe(message)
  const answer = create(ListSandboxesResponseSchema, { sandboxes: [...list] })
  expect(toBinary(ListSandboxesResponseSchema, answer).length).toBeLessThanOrEqual(limitBytes)
})
