import { create, toBinary } from '@bufbuild/protobuf'
import { anyPack } from '@bufbuild/protobuf/wkt'
import { status as codes } from '@grpc/grpc-js'
import { type ConfigIssue, describeIssue, type FaultCall, faultReason, faultStatus } from '@openshell-ts/driver-config'
import { BadRequestSchema, ErrorInfoSchema, HelpSchema, StatusSchema } from '@openshell-ts/protocol/rpc'
import { boundMessage, errorBudgetBytes, errorBytes, wellFormed } from './error-budget.js'
import { StatusError } from './status-error.js'

/** The driver that a report speaks for. */
export interface ReportingDriver {
  readonly name: string
  readonly version: string
  readonly domain: string
  /** The range of config versions that it reads; absent for a driver without a config. */
  readonly versions?: { readonly min: number; readonly max: number }
}

/** At most this many problems are listed, in the text and in the details. */
const listLimit = 16

/** How much of a report is kept. */
interface Cut {
  readonly lines: number
  readonly violations: number
  readonly help: boolean
  readonly info: boolean
}

/**
 * The status that refuses a block: all problems in the text, one a line, and as `BadRequest` and `ErrorInfo` in the
 * details. The text alone says everything, because many clients print nothing else. What does not fit the budget goes in
 * this order: the link, violations from the end, lines from the end, and last the details as a whole; the text then says
 * how many problems it leaves out.
 */
export function toConfigStatus(
  issues: readonly [ConfigIssue, ...ConfigIssue[]],
  driver: ReportingDriver,
  call: FaultCall,
): StatusError {
  const code = codes[faultStatus(issues, call)]
  for (const cut of cuts(Math.min(issues.length, listLimit))) {
    const message = formatMessage(issues, driver, cut.lines)
    const details = cut.info ? encodeDetails(issues, driver, { code, message, cut }) : undefined
    if (errorBytes(message, details) <= errorBudgetBytes) return new StatusError(code, message, details)
  }
  return new StatusError(code, boundMessage(formatMessage(issues, driver, 1)))
}

function* cuts(listed: number): Generator<Cut> {
  yield { lines: listed, violations: listed, help: true, info: true }
  for (let violations = listed; violations >= 0; violations--) {
    yield { lines: listed, violations, help: false, info: true }
  }
  for (let lines = listed - 1; lines >= 1; lines--) yield { lines, violations: 0, help: false, info: true }
}

function formatMessage(issues: readonly ConfigIssue[], { name, version }: ReportingDriver, lines: number): string {
  const count = issues.length === 1 ? '1 problem' : `${issues.length} problems`
  const listed = issues.slice(0, lines).map((issue) => `- ${describe(issue)}`)
  const more = issues.length - listed.length
  const closing = [
    ...(more > 0 ? [`+${more} more`] : []),
    ...(issues.some(({ fault }) => fault === 'driver')
      ? [`This is a bug in driver ${name} ${version}; please report it to its author.`]
      : []),
  ]
  return wellFormed([`driver ${name} refuses this driver_config (${count}):`, ...listed, ...closing].join('\n'))
}

function encodeDetails(
  issues: readonly ConfigIssue[],
  driver: ReportingDriver,
  { code, message, cut }: { code: number; message: string; cut: Cut },
): Uint8Array {
  const violations = issues.slice(0, cut.violations).map((issue) => ({
    field: wellFormed(issue.path),
    description: wellFormed(describe(issue)),
    reason: issue.code,
  }))
  const url = issues.find((issue) => issue.url !== undefined)?.url
  const details = [
    ...(violations.length === 0
      ? []
      : [anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations: violations }))]),
    anyPack(ErrorInfoSchema, create(ErrorInfoSchema, errorInfo(issues, driver))),
    ...(cut.help && url !== undefined
      ? [
          anyPack(
            HelpSchema,
            create(HelpSchema, { links: [{ description: `The config of driver ${driver.name}`, url }] }),
          ),
        ]
      : []),
  ]
  // Clients drop the details unless code and message equal the gRPC ones exactly.
  return toBinary(StatusSchema, create(StatusSchema, { code, message, details }))
}

function errorInfo(issues: readonly ConfigIssue[], { name, version, domain, versions }: ReportingDriver) {
  return {
    reason: faultReason(issues),
    domain,
    metadata: {
      driver: name,
      driver_version: version,
      total: String(issues.length),
      ...(versions === undefined
        ? {}
        : { requested: String(issues[0]?.schemaVersion), min: String(versions.min), max: String(versions.max) }),
    },
  }
}

/** The problem in one line, with what to change. */
function describe(issue: ConfigIssue): string {
  return describeIssue(issue).replaceAll(/\s*\n\s*/g, ' ')
}
