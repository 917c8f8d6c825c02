import { create } from '@bufbuild/protobuf'
import { TimestampSchema, timestampDate } from '@bufbuild/protobuf/wkt'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toTimestamp } from './timestamp.js'

test('every time comes back as it was, with nanos that are never negative', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }), (time) => {
      const timestamp = create(TimestampSchema, toTimestamp(time))
      expect(timestampDate(timestamp).getTime()).toBe(time.getTime())
      expect(timestamp.nanos).toBeGreaterThanOrEqual(0)
    }),
  )
})
