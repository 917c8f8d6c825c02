import { expect, test } from 'vitest'
import * as conformance from './index.js'

test('public names', () => {
  expect(Object.keys(conformance).sort()).toEqual(['ConformanceError', 'formatReport', 'runConformance', 'toJunitXml'])
})
