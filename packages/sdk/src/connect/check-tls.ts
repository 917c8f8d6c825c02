import { violation } from '../checks/check-text.js'
import { unknownKeys } from '../checks/refuse-unknown-options.js'
import type { Violation } from '../errors/openshell-error.js'
import type { Endpoint } from '../transport/endpoint.js'
import type { TlsOptions } from '../transport/tls-options.js'

const TLS_OPTIONS = ['ca', 'cert', 'key', 'insecureSkipVerify']

/** What is wrong about the TLS options of a connection to this endpoint. */
export function checkTls(tls: TlsOptions, { secure }: Endpoint): Violation[] {
  const { ca, cert, key, insecureSkipVerify } = tls
  const given = [ca, cert, key, insecureSkipVerify].some((value) => value !== undefined && value !== false)
  return [
    ...unknownKeys(tls, TLS_OPTIONS, 'tls.'),
    ...Object.entries({ ca, cert, key }).flatMap(([name, value]) => checkPem(`tls.${name}`, value)),
    ...(insecureSkipVerify === undefined || typeof insecureSkipVerify === 'boolean'
      ? []
      : [violation('tls.insecureSkipVerify', 'TYPE_MISMATCH', 'must be true or false')]),
    ...((cert === undefined) === (key === undefined)
      ? []
      : [violation('tls', 'REQUIRED', 'cert and key belong together; give both for a client certificate, or neither')]),
    ...(insecureSkipVerify === true && ca !== undefined
      ? [violation('tls.ca', 'CONFLICT', 'has no effect beside insecureSkipVerify: true; leave one of the two out')]
      : []),
    ...(given && !secure
      ? [violation('tls', 'NOT_ALLOWED', 'the endpoint is not encrypted; write it with https, or leave tls out')]
      : []),
  ]
}

function checkPem(field: string, value: string | Uint8Array | undefined): Violation[] {
  if (value === undefined || (typeof value === 'string' && value !== '') || value instanceof Uint8Array) return []
  return [violation(field, 'TYPE_MISMATCH', 'must be PEM as text or bytes, or the path of a PEM file')]
}
