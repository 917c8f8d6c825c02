import { CONNECT_OPTIONS, type ConnectOptions } from '../connect-options.js'
import { OpenShellError, type Violation } from '../errors.js'
import { checkSandboxName } from './check-name.js'
import { violation } from './check-text.js'
import { refuseUnknownOptions } from './refuse-unknown-options.js'

/** Throws kind `configuration` with everything that is wrong about the options of a connection, before it is made. */
export function checkConnectOptions(options: ConnectOptions): void {
  refuseUnknownOptions('OpenShellClient.connect', options, CONNECT_OPTIONS)
  const { workspace, wireLine, requestTimeoutMs, retry = {}, clientChecks, tls = {} } = options
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
    ...checkNumber('retry.maxAttempts', retry.maxAttempts, 1),
    ...checkNumber('retry.baseDelayMs', retry.baseDelayMs, 0),
    ...checkNumber('retry.maxDelayMs', retry.maxDelayMs, 0),
    ...(clientChecks === undefined || clientChecks === 'on' || clientChecks === 'off'
      ? []
      : [violation('clientChecks', 'NOT_ALLOWED', "must be 'on' or 'off'")]),
    ...((tls.cert === undefined) === (tls.key === undefined)
      ? []
      : [violation('tls', 'REQUIRED', 'cert and key belong together; give both for a client certificate, or neither')]),
  ]
  if (violations.length > 0) throw toError(violations)
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
