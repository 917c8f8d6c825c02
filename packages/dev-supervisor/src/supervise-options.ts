import type { Writable } from 'node:stream'
import type { Logger } from 'pino'
import type { Environment } from './child-environment.js'
import type { GatewayTlsFiles } from './gateway-endpoint.js'
import type { MainProcessSpec } from './main-process-spec.js'
import type { SandboxTokenSource } from './sandbox-token.js'

/** What a supervisor needs to know. */
export interface SuperviseOptions {
  /** URL of the gateway: `http://` is plaintext HTTP/2, `https://` needs `tls`. */
  readonly endpoint: string
  /** Id of the sandbox, as the gateway gave it to the driver. Not empty. */
  readonly sandboxId: string
  /** Name of the sandbox, by which a gateway of line 0.1 is asked for its configuration. @default its id is used */
  readonly sandboxName?: string | undefined
  /** The sandbox token, or the file that holds it; read once, never logged. */
  readonly token: SandboxTokenSource
  /** Files for an `https://` endpoint; ignored for `http://`. */
  readonly tls?: GatewayTlsFiles | undefined
  /** What the sandbox runs. @default a login shell on a terminal */
  readonly mainProcess?: MainProcessSpec | undefined
  /** Variables for the main process and every command; those named `OPENSHELL_…` are left out. @default none */
  readonly userEnvironment?: Environment | undefined
  /** Folder that all processes start in, and their HOME; must exist. @default the current folder */
  readonly workdir?: string | undefined
  /** Unix socket on which the SSH server listens as well; only relays reach it when absent. */
  readonly sshSocketPath?: string | undefined
  /** How long the main process may take to end after `stop()`, in milliseconds; 0 kills it at once. @default 10000 */
  readonly stopGraceMs?: number | undefined
  /**
   * How long to repeat the report of the main process's exit until the gateway answers, in milliseconds; 0 sends none. After
   * `stop()` it is 2 s at most, and one attempt when nobody listens at the gateway's address any more. @default 30000
   */
  readonly exitReportTimeoutMs?: number | undefined
  /** How often the sandbox's configuration is read, in milliseconds. @default 10000 */
  readonly configPollMs?: number | undefined
  /** Receives the output of the main process; dropped when absent. */
  readonly stdout?: Writable | undefined
  /** Receives the error output of a main process without a terminal; dropped when absent. */
  readonly stderr?: Writable | undefined
  /** Where log lines go. @default nowhere */
  readonly logger?: Logger | undefined
}
