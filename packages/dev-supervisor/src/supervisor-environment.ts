import { parseMainProcessSpec } from './main-process-spec.js'
import type { SandboxTokenSource } from './sandbox-token.js'
import type { SuperviseOptions } from './supervise-options.js'
import { SupervisorError } from './supervisor-error.js'
import { parseUserEnvironment } from './user-environment.js'

/** One day. */
const LONGEST_POLL_SECONDS = 86_400

/**
 * Reads the variables that a driver gives to a supervisor: `OPENSHELL_ENDPOINT`, `OPENSHELL_SANDBOX_ID`, `OPENSHELL_SANDBOX`,
 * `OPENSHELL_SANDBOX_TOKEN`, `OPENSHELL_SANDBOX_TOKEN_FILE` or
 * `OPENSHELL_K8S_SA_TOKEN_FILE`, `OPENSHELL_MAIN_PROCESS_SPEC`, `OPENSHELL_USER_ENVIRONMENT`,
 * `OPENSHELL_SSH_SOCKET_PATH`, `OPENSHELL_POLICY_POLL_INTERVAL_SECS`, `OPENSHELL_TLS_CA`, `_CERT`, `_KEY` and `OPENSHELL_GATEWAY_TLS_SERVER_NAME`. An empty variable
 * counts as absent.
 *
 * @throws SupervisorError of kind `configuration` when a needed variable is missing or one is malformed.
 */
export function readSupervisorEnvironment(environment: NodeJS.ProcessEnv): SuperviseOptions {
  const read = (name: string) => environment[name] || undefined
  const endpoint = read('OPENSHELL_ENDPOINT')
  const sandboxId = read('OPENSHELL_SANDBOX_ID')
  const token = tokenSource(read)
  if (endpoint === undefined || sandboxId === undefined || token === undefined) {
    throw missing({
      'OPENSHELL_ENDPOINT (URL of the gateway)': endpoint,
      'OPENSHELL_SANDBOX_ID (id of the sandbox)': sandboxId,
      'OPENSHELL_SANDBOX_TOKEN_FILE (file with its token)': token,
    })
  }
  const mainProcess = read('OPENSHELL_MAIN_PROCESS_SPEC')
  const userEnvironment = read('OPENSHELL_USER_ENVIRONMENT')
  return {
    endpoint,
    sandboxId,
    sandboxName: read('OPENSHELL_SANDBOX'),
    token,
    tls: readTls(read),
    mainProcess: mainProcess === undefined ? undefined : parseMainProcessSpec(mainProcess),
    userEnvironment: userEnvironment === undefined ? undefined : parseUserEnvironment(userEnvironment),
    sshSocketPath: read('OPENSHELL_SSH_SOCKET_PATH'),
    configPollMs: readSeconds('OPENSHELL_POLICY_POLL_INTERVAL_SECS', read('OPENSHELL_POLICY_POLL_INTERVAL_SECS')),
  }
}

function readSeconds(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = Number(text)
  if (Number.isInteger(seconds) && seconds > 0 && seconds <= LONGEST_POLL_SECONDS) return seconds * 1000
  throw new SupervisorError({
    kind: 'configuration',
    message: `${name} must be a whole number of seconds from 1 to ${LONGEST_POLL_SECONDS}, such as 10; or leave it out.`,
  })
}

function tokenSource(read: (name: string) => string | undefined): SandboxTokenSource | undefined {
  const token = read('OPENSHELL_SANDBOX_TOKEN')
  const tokenFile = read('OPENSHELL_SANDBOX_TOKEN_FILE')
  const credentialFile = read('OPENSHELL_K8S_SA_TOKEN_FILE')
  if (token !== undefined) return { token }
  if (tokenFile !== undefined) return { tokenFile }
  return credentialFile === undefined ? undefined : { credentialFile }
}

function readTls(read: (name: string) => string | undefined): SuperviseOptions['tls'] {
  const caFile = read('OPENSHELL_TLS_CA')
  const certificateFile = read('OPENSHELL_TLS_CERT')
  const keyFile = read('OPENSHELL_TLS_KEY')
  if (!caFile && !certificateFile && !keyFile) return undefined
  if (!caFile || !certificateFile || !keyFile) {
    throw new SupervisorError({
      kind: 'configuration',
      message:
        'OPENSHELL_TLS_CA, OPENSHELL_TLS_CERT and OPENSHELL_TLS_KEY belong together. Set all three, or none of them.',
    })
  }
  return { caFile, certificateFile, keyFile, serverName: read('OPENSHELL_GATEWAY_TLS_SERVER_NAME') }
}

function missing(values: Record<string, unknown>): SupervisorError {
  const names = Object.keys(values).filter((name) => values[name] === undefined)
  return new SupervisorError({
    kind: 'configuration',
    message: `Not set: ${names.join(', ')}. The driver that starts the sandbox sets them.`,
  })
}
