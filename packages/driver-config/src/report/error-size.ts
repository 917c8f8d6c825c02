import { fieldSize, utf8Length } from '../check/encoded-size.js'
import type { ReportContent, ReportInfo, ReportLink, ReportViolation } from './report-content.js'

const typePrefix = 'type.googleapis.com/google.rpc.'
/** A code is a varint below 128 with a one-byte tag. */
const codeSize = 2

/**
 * Bytes of a report as an encoded google.rpc.Status, to the byte: what a server puts into `grpc-status-details-bin` before
 * base64. Nothing is encoded here, so that the pure package needs no protobuf.
 */
export function statusSize({ message, violations, info, help }: ReportContent): number {
  const details = [
    ...(violations.length === 0 ? [] : [packedSize('BadRequest', sum(violations.map(violationSize)))]),
    ...(info === undefined ? [] : [packedSize('ErrorInfo', infoSize(info))]),
    ...(help === undefined ? [] : [packedSize('Help', linkSize(help))]),
  ]
  return codeSize + textSize(message) + sum(details)
}

function packedSize(type: string, length: number): number {
  return fieldSize(textSize(`${typePrefix}${type}`) + (length === 0 ? 0 : fieldSize(length)))
}

function violationSize({ field, description, reason }: ReportViolation): number {
  return fieldSize(textSize(field) + textSize(description) + textSize(reason))
}

function infoSize({ reason, domain, metadata }: ReportInfo): number {
  // Members of a map are written also when they are empty.
  const entries = Object.entries(metadata).map(([key, value]) =>
    fieldSize(fieldSize(utf8Length(key)) + fieldSize(utf8Length(value))),
  )
  return textSize(reason) + textSize(domain) + sum(entries)
}

function linkSize({ description, url }: ReportLink): number {
  return fieldSize(textSize(description) + textSize(url))
}

/** An empty text is not written. */
function textSize(text: string): number {
  return text === '' ? 0 : fieldSize(utf8Length(text))
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0)
}
