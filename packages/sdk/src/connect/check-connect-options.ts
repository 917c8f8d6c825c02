import { checkSandboxName } from '../checks/check-name.js'
import { violation } from '../checks/check-text.js'
import { refuseUnknownOptions, unknownKeys } from '../checks/refuse-unknown-options.js'
import { OpenShellError, type Violation } from '../errors/openshell-error.js'
import { type Endpoint, parseEndpoint } from '../transport/endpoint.js'
import { DEFAULT_RETRY } from '../transport/retry.js'
import { checkAuth } from './check-auth.js'
import { checkTls } from './check-tls.js'
import { CONNECT_OPTIONS, type ConnectOptions } from './connect-options.js'

/** Throws kind `configuration` with everything that is wrong about the options of a connection; gives its endpoint. */
export function checkConnectOptions(options: ConnectOptions): Endpoint {
  if (typeof options !== 'object' || options === null) throw noOptions()
  refuseUnknownOptions('OpenShellClient.connect', options, CONNECT_OPTIONS)
  const endpoint = parseEndpoint(options.endpoint)
  const misshapen = checkObjects(options)
  if (misshapen.length > 0) throw toError(misshapen)
  const { workspace, wireLine, requestTimeoutMs, retry = {}, clientChecks, tls = {}, auth, allowInsecureAuth } = options
  const violations = [
    ...(workspace === undefined ? [] : checkSandboxName('workspace', workspace)),
    ...(wireLine === undefined || wireLine === '0.0' || wireLine === '0.1'
      ? []
      : [
          violation(
            'wireLine',
            'NOT_ALLOWED',
            "this release speaks the lines '0.0' and '0.1'; leave it out to ask the gateway",
          ),
        ]),
    ...checkNumber('requestTimeoutMs', requestTimeoutMs, 0),
    ...unknownKeys(retry, Object.keys(DEFAULT_RETRY), 'retry.'),
    ...checkNumber('retry.maxAttempts', retry.maxAttempts, 1),
    ...checkNumber('retry.baseDelayMs', retry.baseDelayMs, 0),
    ...checkNumber('retry.maxDelayMs', retry.maxDelayMs, 0),
    ...checkNumber('retry.attemptTimeoutMs', retry.attemptTimeoutMs, 0),
    ...(clientChecks === undefined || clientChecks === 'on' || clientChecks === 'off'
      ? []
      : [violation('clientChecks', 'NOT_ALLOWED', "must be 'on' or 'off'")]),
    ...checkHooks(options),
    ...checkTls(tls, endpoint),
    ...(auth !== undefined ? checkAuth(auth, { endpoint, tls, allowInsecureAuth: allowInsecureAuth === true }) : []),
  ]
  if (violations.length > 0) throw toError(violations)
  return endpoint
}

function noOptions(): OpenShellError {
  return new OpenShellError({
    kind: 'configuration',
    message: 'OpenShellClient.connect takes an object with options.',
    hint: "Write OpenShellClient.connect({ endpoint: 'http://127.0.0.1:17670' }).",
  })
}

function checkObjects({ tls, auth, retry }: ConnectOptions): Violation[] {
  return Object.entries({ tls, auth, retry }).flatMap(([field, value]) =>
    value === undefined || (typeof value === 'object' && value !== null)
      ? []
      : [violation(field, 'TYPE_MISMATCH', 'must be an object')],
  )
}

function checkHooks({ interceptors, userAgent }: ConnectOptions): Violation[] {
  const functions = interceptors === undefined || interceptors.every?.((each) => typeof each === 'function')
  const named = userAgent === undefined || (typeof userAgent === 'string' && /^[ -~]+$/.test(userAgent))
  return [
    ...(functions ? [] : [violation('interceptors', 'TYPE_MISMATCH', 'must be a list of functions')]),
    ...(named ? [] : [violation('userAgent', 'NOT_ALLOWED', 'must be visible ASCII and spaces')]),
  ]
}

function checkNumber(field: string, value: number | undefined, minimum: number): Violation[] {
  if (value === undefined || (typeof value === 'number' && value >= minimum)) return []
  return [violation(field, 'OUT_OF_RANGE', `must be a number from ${minimum}`)]
}

function toError(violations: readonly Violation[]): OpenShellError {
  const lines = violations.map(({ field, description }) => `option ${field}: ${description}`)
  return new OpenShellError({
    kind: 'configuration',
    message: `OpenShellClient.connect: ${lines.join('; ')}`,
    violations,
  })
}
