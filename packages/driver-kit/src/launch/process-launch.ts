import { join } from 'node:path'
import type { Sandbox } from '../driver/sandbox.js'
import { type LaunchOptions, removedVariables, type SupervisorLaunch } from './launch-options.js'
import { type SupervisorEnvironmentOptions, supervisorEnvironment } from './supervisor-environment.js'
import { launchMaterialFile, type SupervisorFile } from './supervisor-file.js'

/** How a supervisor is started as a process of the host. */
export interface ProcessLaunchOptions extends LaunchOptions {
  readonly kind: 'process'
  /** The supervisor's program, with arguments that come first: `[process.execPath, 'bin/openshell-dev-supervisor.js']`. */
  readonly program: readonly [program: string, ...parameters: string[]]
  /** Absolute path of the folder in which the sandbox's processes start, and their HOME. It must exist. */
  readonly workspaceRoot: string
  /** Paths of the client certificate's files; needed for an `https:` endpoint. */
  readonly tls?: NonNullable<SupervisorEnvironmentOptions['tls']>
}

/** How a supervisor's process is started: `argv` in `workingDirectory`, with `environment` and nothing of the driver's own. */
export interface ProcessLaunch extends SupervisorLaunch {
  /** What to write with `writeSupervisorFiles` and the root `/`. The token is not among them: its file is there already. */
  readonly files: readonly SupervisorFile[]
}

// Relative to the working directory: a path below a state directory may be longer than that of a socket may be.
const sshSocket = 'ssh.sock'

/** A launch for a process; see `supervisorLaunch`. */
export async function processLaunch(sandbox: Sandbox, options: ProcessLaunchOptions): Promise<ProcessLaunch> {
  const { program, workspaceRoot, parameters = [], ...rest } = options
  const { directory, tokenFile } = sandbox
  const environment = supervisorEnvironment(sandbox, { ...rest, sshSocketPath: sshSocket })
  const launchPath = options.launchAuthenticationPath ?? join(directory, 'launch-authentication')
  const files = launchMaterialFile(options.launchAuthentication, launchPath)
  return {
    environment,
    removedVariables: removedVariables(environment),
    files,
    workingDirectory: directory,
    argv: [...program, '--workdir', workspaceRoot, ...parameters],
    reservedPaths: [join(directory, sshSocket), launchPath, ...(tokenFile === undefined ? [] : [tokenFile])],
  }
}
