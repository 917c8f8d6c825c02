import { UnsupportedGatewayError } from '../errors/unsupported-gateway-error.js'
import { decideLine, LINE_RANGES } from './gateway-line.js'
import type { WireLine } from './wire-line.js'

const SUPPORTED: readonly string[] = Object.values(LINE_RANGES)
const OVERRIDE = "wireLine: '0.0' or wireLine: '0.1'"

/** Chooses the line for a gateway. Throws `UnsupportedGatewayError` for one that this release cannot talk to. */
export function chooseLine(version: string): WireLine {
  const verdict = decideLine(version)
  if (verdict.type === 'refused') {
    throw new UnsupportedGatewayError({
      message: `The gateway reports version "${printable(version)}": ${verdict.reason}. Supported: ${SUPPORTED.join(', ')}.`,
      foundVersion: printable(version),
      supportedRanges: SUPPORTED,
      override: OVERRIDE,
    })
  }
  return verdict.line
}

// The version comes from the other side: bounded, and without control characters.
function printable(version: string): string {
  return version.slice(0, 64).replace(/[^\x20-\x7e]/g, '?')
}
