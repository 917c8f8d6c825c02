import { expect, test } from 'vitest'
import { checkResources } from './check-resources.js'

test('cpu and memory are taken, and what has no place is refused with the place for it', () => {
  expect(checkResources({ limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '500m' } })).toEqual([])
  const asOtherProgramsSay = { cpu: 2, disk: '10Gi', limit: {}, limits: { cpu: 2, gpu: '1' }, requests: null }
  expect(checkResources(asOtherProgramsSay as object)).toEqual([
    {
      field: 'resources.cpu',
      reason: 'UNKNOWN_FIELD',
      description: 'belongs into resources.limits.cpu or resources.requests.cpu',
    },
    { field: 'resources.disk', reason: 'UNKNOWN_FIELD', description: expect.stringContaining('in driverConfig') },
    { field: 'resources.limit', reason: 'UNKNOWN_FIELD', description: expect.stringContaining('"limits"') },
    { field: 'resources.limits.cpu', reason: 'TYPE_MISMATCH', description: expect.stringContaining('"500m"') },
    { field: 'resources.limits.gpu', reason: 'UNKNOWN_FIELD', description: expect.stringContaining('driverConfig') },
    { field: 'resources.requests', reason: 'TYPE_MISMATCH', description: 'must be an object' },
  ])
})
