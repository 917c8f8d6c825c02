import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { SessionAcceptedSchema } from '@openshell-ts/protocol/v0-0'
import { SessionAcceptedSchema as LaterSessionAcceptedSchema } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { gatewayLine } from './gateway-line.js'

test('a gateway of line 0.0 gives seconds, one of line 0.1 a duration', () => {
  expect(gatewayLine(create(SessionAcceptedSchema, { heartbeatIntervalSecs: 15 }))).toBe('0.0')
  const later = create(LaterSessionAcceptedSchema, { heartbeatInterval: { seconds: 15n } })
  expect(gatewayLine(fromBinary(SessionAcceptedSchema, toBinary(LaterSessionAcceptedSchema, later)))).toBe('0.1')
})
