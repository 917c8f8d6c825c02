import { create, toBinary } from '@bufbuild/protobuf'
import {
  DriverSandboxSchema,
  ListSandboxesResponseSchema,
  WatchSandboxesEventSchema,
} from '@openshell-ts/protocol/compute'
import { expect, test } from 'vitest'
import { computeDefinition } from './compute-definition.js'

const sandbox = create(DriverSandboxSchema, { id: 'one', name: 'ö', status: { conditions: [{ type: 'Ready' }] } })
const { listSandboxes, watchSandboxes } = computeDefinition()

test('a list that is put together from known bytes is what the library writes', () => {
  for (const sandboxes of [[], [sandbox], [sandbox, create(DriverSandboxSchema, { id: 'two' }), sandbox]]) {
    const list = create(ListSandboxesResponseSchema, { sandboxes })
    expect(new Uint8Array(listSandboxes.responseSerialize(list))).toEqual(toBinary(ListSandboxesResponseSchema, list))
  }
})

test('an event that is put together from known bytes is what the library writes, at the first time and again', () => {
  const events = [
    create(WatchSandboxesEventSchema, { payload: { case: 'sandbox', value: { sandbox } } }),
    create(WatchSandboxesEventSchema, { payload: { case: 'sandbox', value: {} } }),
    create(WatchSandboxesEventSchema, { payload: { case: 'deleted', value: { sandboxId: 'one' } } }),
    create(WatchSandboxesEventSchema, {
      payload: { case: 'platformEvent', value: { sandboxId: 'one', event: { reason: 'Progress' } } },
    }),
  ]
  for (const event of [...events, ...events]) {
    const bytes = watchSandboxes.responseSerialize(event)
    expect(new Uint8Array(bytes)).toEqual(toBinary(WatchSandboxesEventSchema, event))
  }
})
