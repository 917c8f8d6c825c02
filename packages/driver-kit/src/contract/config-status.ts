import { create, toBinary } from '@bufbuild/protobuf'
import { anyPack } from '@bufbuild/protobuf/wkt'
import { status as codes } from '@grpc/grpc-js'
import {
  type ConfigIssue,
  type ErrorReport,
  type FaultCall,
  type ReportingDriver,
  toErrorReport,
} from '@openshell-ts/driver-config'
import { BadRequestSchema, ErrorInfoSchema, HelpSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import { StatusError } from './status-error.js'

/**
 * The status that refuses a block: all problems in the text, one a line, and as `BadRequest` and `ErrorInfo` in the details.
 * What does not fit the budget is left out and counted.
 */
export function toConfigStatus(
  issues: readonly [ConfigIssue, ...ConfigIssue[]],
  driver: ReportingDriver,
  call: FaultCall,
): StatusError {
  const report = toErrorReport(issues, driver, call)
  const code = codes[report.status]
  const details = report.info === undefined ? undefined : encodeDetails(report, report.info, code)
  return new StatusError(code, report.message, details)
}

function encodeDetails(
  { message, violations, help }: ErrorReport,
  info: NonNullable<ErrorReport['info']>,
  code: codes,
): Uint8Array {
  const fieldViolations = violations.map((violation) => ({ ...violation }))
  const details = [
    ...(violations.length === 0 ? [] : [anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations }))]),
    anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { ...info, metadata: { ...info.metadata } })),
    ...(help === undefined ? [] : [anyPack(HelpSchema, create(HelpSchema, { links: [help] }))]),
  ]
  // Clients drop the details unless code and message equal the gRPC ones exactly.
  return toBinary(StatusSchema, create(StatusSchema, { code, message, details }))
}
