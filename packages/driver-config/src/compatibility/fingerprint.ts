import type { JsonValue } from '../envelope/json-value.js'
import { canonicalJson } from '../schema/canonical-json.js'
import { digestText } from '../schema/schema-digest.js'

/** What tells one difference from all others. */
export interface FingerprintSource {
  readonly rule: string
  readonly version: number
  readonly path: string
  readonly before?: JsonValue
  readonly after?: JsonValue
}

/**
 * Twelve hexadecimal digits that name a difference. They stay the same from run to run, and are others as soon as the difference is
 * another, so that an acknowledgement never covers more than what was looked at.
 */
export function fingerprintOf({ rule, version, path, before, after }: FingerprintSource): string {
  // A keyword that is absent is another thing than one that is null.
  const values = [before, after].map((value) => (value === undefined ? '' : canonicalJson(value)))
  return digestText([rule, version, path, ...values].join('\n')).slice('sha256:'.length, 'sha256:'.length + 12)
}
