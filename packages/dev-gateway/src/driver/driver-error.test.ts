import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { toDriverError } from './driver-error.js'

function serviceError(code: status, details: string, trailers: Record<string, string | Buffer> = {}): ServiceError {
  const metadata = new Metadata()
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value)
  return Object.assign(new Error(details), { code, details, metadata })
}

test('code, text, details and other trailers pass; the transport headers do not', () => {
  const error = toDriverError(
    serviceError(status.INVALID_ARGUMENT, 'größe 100%', {
      'grpc-status-details-bin': Buffer.from([1, 2]),
      'x-acme': 'v',
      'content-type': 'application/grpc',
    }),
  )
  expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'größe 100%' })
  expect(error.metadata.getMap()).toEqual({ 'grpc-status-details-bin': Buffer.from([1, 2]), 'x-acme': 'v' })
})

test.each([
  ['16,122 plain characters', 'm'.repeat(16_122), true],
  ['one more', 'm'.repeat(16_123), false],
  ['characters that are written as three', '%'.repeat(5_374), true],
  ['one more of those', '%'.repeat(5_375), false],
])('a message of %s passes: %#', (_name, message, passes) => {
  const error = toDriverError(serviceError(status.INVALID_ARGUMENT, message))
  if (passes) expect(error.details).toBe(message)
  else expect(error).toMatchObject({ code: status.INTERNAL, details: 'h2 protocol error: http2 error' })
})

test.each([
  [12_048, true],
  [12_051, false],
])('details of %i bytes beside a message of one byte pass: %s', (bytes, passes) => {
  const details = { 'grpc-status-details-bin': Buffer.alloc(bytes) }
  expect(toDriverError(serviceError(status.INVALID_ARGUMENT, 'm', details)).code === status.INVALID_ARGUMENT).toBe(
    passes,
  )
})

test.each([
  ['premature EOF', 'buffer underflow'],
  ['illegal tag: field no 0 wire type 1', 'invalid tag value: 0'],
  ['The encoded data was not valid for encoding utf-8', 'invalid string value: data is not UTF-8 encoded'],
  ['something new', 'something new'],
])('an answer that is no message (%s) has the words of the real decoder', (problem, text) => {
  const error = toDriverError(serviceError(status.INTERNAL, `Response message parsing error: ${problem}`))
  expect(error).toMatchObject({ code: status.INTERNAL, details: `failed to decode Protobuf message: ${text}` })
})

test.each([
  [
    'No connection established. Last error: connect ENOENT /x',
    status.UNAVAILABLE,
    'No such file or directory (os error 2)',
  ],
  [
    'No connection established. Last error: connect ECONNREFUSED /x',
    status.UNAVAILABLE,
    'Connection refused (os error 111)',
  ],
  ['Connection dropped', status.UNKNOWN, 'transport error'],
  ['the driver says so itself', status.UNAVAILABLE, 'the driver says so itself'],
])('UNAVAILABLE %j', (details, code, text) => {
  expect(toDriverError(serviceError(status.UNAVAILABLE, details))).toMatchObject({ code, details: text })
})

test('an answer that is too large is OUT_OF_RANGE with its size', () => {
  const error = serviceError(status.RESOURCE_EXHAUSTED, 'Received message larger than max (4194305 vs 4194304)')
  expect(toDriverError(error)).toMatchObject({
    code: status.OUT_OF_RANGE,
    details: 'Error, decoded message length too large: found 4194305 bytes, the limit is: 4194304 bytes',
  })
})

test('something that is no gRPC error is passed through', () => {
  expect(() => toDriverError(new TypeError('bug'))).toThrow('bug')
})
