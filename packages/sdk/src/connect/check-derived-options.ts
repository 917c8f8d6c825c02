import { checkOptions } from '../checks/check-options.js'
import { violation } from '../checks/check-text.js'
import { OpenShellError, type Violation } from '../errors/openshell-error.js'
import { DERIVED_CLIENT_OPTIONS, type DerivedClientOptions } from './derived-client-options.js'

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i
const VALUE = /^[!-~](?:[ -~]*[!-~])?$/
const CREDENTIALS = /^(?:authorization|proxy-authorization|cookie|set-cookie|cf-access-.*)$/
const OWN =
  /^(?:grpc-.*|content-.*|host|te|trailer|transfer-encoding|connection|keep-alive|proxy-connection|upgrade|http2-settings)$/

/** Throws kind `configuration` with everything that is wrong about the options of a derived client. No value is echoed. */
export function checkDerivedOptions(options: DerivedClientOptions): void {
  checkOptions('client.with', options, DERIVED_CLIENT_OPTIONS)
  const violations = checkHeaders(options.headers)
  if (violations.length > 0) throw toError(violations)
}

function checkHeaders(headers: DerivedClientOptions['headers']): Violation[] {
  if (headers === undefined) return []
  if (typeof headers !== 'object' || headers === null || Symbol.iterator in headers) {
    return [violation('headers', 'TYPE_MISMATCH', 'must be an object of names and texts')]
  }
  return Object.entries(headers).flatMap(([name, value]) => checkHeader(name, value))
}

function checkHeader(name: string, value: unknown): Violation[] {
  if (!NAME.test(name)) return [violation('headers', 'INVALID_NAME', 'holds a name that is no name of a header')]
  const field = `headers.${name}`
  const lower = name.toLowerCase()
  if (CREDENTIALS.test(lower))
    return [violation(field, 'NOT_ALLOWED', 'is for credentials: use option auth of connect')]
  if (lower === 'user-agent') return [violation(field, 'NOT_ALLOWED', 'is set by option userAgent of connect')]
  if (OWN.test(lower)) return [violation(field, 'NOT_ALLOWED', 'belongs to the protocol')]
  if (typeof value === 'string' && VALUE.test(value)) return []
  return [violation(field, 'INVALID_CHARACTER', 'must be a text of visible ASCII, with spaces inside only')]
}

function toError(violations: readonly Violation[]): OpenShellError {
  const lines = violations.map(({ field, description }) => `option ${field}: ${description}`)
  return new OpenShellError({
    kind: 'configuration',
    message: `client.with: ${lines.join('; ')}`,
    violations,
  })
}
