import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { StatusError } from '../errors/status-error.js'

// All header fields of an error answer, each with 32 bytes on top, as HTTP/2 counts them.
const headerListLimit = 16_384
// What an answer holds besides its message and trailers: status, content type, encodings, date.
const fixedHeaderBytes = 218

const transportHeaders = new Set(['content-type', 'date', 'grpc-status', 'grpc-message', 'grpc-accept-encoding'])

/** What the real gateway's transport makes of a failed driver call: code, text and trailers. */
export function toDriverError(error: unknown): StatusError {
  if (!isServiceError(error)) throw error
  const { code, details } = error
  if (code === status.UNAVAILABLE) return connectionError(details) ?? passOn(error)
  if (code === status.RESOURCE_EXHAUSTED) return oversizeError(details) ?? passOn(error)
  return passOn(error)
}

/** Whether a call failed before it reached a driver, because nobody listened when the channel last tried to connect. */
export function isNotConnected(error: unknown): boolean {
  return (
    isServiceError(error) && error.code === status.UNAVAILABLE && error.details.startsWith('No connection established')
  )
}

function passOn({ code, details, metadata }: ServiceError): StatusError {
  const undecodable = undecodableAnswer(code, details)
  if (undecodable) return undecodable
  const trailers = withoutTransportHeaders(metadata)
  if (headerListBytes(details, trailers) > headerListLimit) {
    return new StatusError(status.INTERNAL, 'h2 protocol error: http2 error')
  }
  return new StatusError(code, details, trailers)
}

// What grpc-js says of an answer that is no message, and how the real gateway's decoder ends its sentence about the same.
const decodingText = /^Response message parsing error: (.*)$/s
const decodingProblems: readonly (readonly [RegExp, string])[] = [
  [/^premature EOF/, 'buffer underflow'],
  [/^illegal tag: field no 0/, 'invalid tag value: 0'],
  [/utf-8/i, 'invalid string value: data is not UTF-8 encoded'],
  [/^invalid varint/, 'invalid varint'],
]

function undecodableAnswer(code: status, details: string): StatusError | undefined {
  const [, problem] = (code === status.INTERNAL && decodingText.exec(details)) || []
  if (problem === undefined) return undefined
  const [, text = problem] = decodingProblems.find(([pattern]) => pattern.test(problem)) ?? []
  return new StatusError(status.INTERNAL, `failed to decode Protobuf message: ${text}`)
}

// grpc-js words the two kinds of lost connection in its own way; only these texts tell them from a driver's own answer.
function connectionError(details: string): StatusError | undefined {
  if (details.startsWith('No connection established')) {
    if (details.includes('ENOENT')) return new StatusError(status.UNAVAILABLE, 'No such file or directory (os error 2)')
    return new StatusError(status.UNAVAILABLE, 'Connection refused (os error 111)')
  }
  if (/^Connection dropped|ECONNRESET|EPIPE|^read E/.test(details)) {
    return new StatusError(status.UNKNOWN, 'transport error')
  }
  return undefined
}

/** How many bytes of one answer, or of one event, the gateway takes. */
export const answerLimitBytes = 4 * 1024 * 1024

/** What becomes of an answer that has more bytes than the gateway takes. */
export function oversizeAnswer(sizeBytes: number | string, limitBytes: number | string): StatusError {
  return new StatusError(
    status.OUT_OF_RANGE,
    `Error, decoded message length too large: found ${sizeBytes} bytes, the limit is: ${limitBytes} bytes`,
  )
}

function oversizeError(details: string): StatusError | undefined {
  const [, size, limit] = /^Received message larger than max \((\d+) vs (\d+)\)/.exec(details) ?? []
  return size === undefined || limit === undefined ? undefined : oversizeAnswer(size, limit)
}

function withoutTransportHeaders(metadata: Metadata): Metadata {
  const trailers = new Metadata()
  for (const key of Object.keys(metadata.getMap())) {
    if (transportHeaders.has(key)) continue
    for (const value of metadata.get(key)) trailers.add(key, value)
  }
  return trailers
}

function headerListBytes(details: string, trailers: Metadata): number {
  let bytes = fixedHeaderBytes + 'grpc-message'.length + encodedLength(details) + 32
  for (const key of Object.keys(trailers.getMap())) {
    for (const value of trailers.get(key)) {
      bytes += key.length + (typeof value === 'string' ? value.length : Math.ceil(value.length / 3) * 4) + 32
    }
  }
  return bytes
}

// Percent-encoding writes three characters for every byte that is not plain ASCII, and for the percent sign itself.
function encodedLength(details: string): number {
  let length = 0
  for (const byte of Buffer.from(details)) length += byte < 0x20 || byte > 0x7e || byte === 0x25 ? 3 : 1
  return length
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error
}
