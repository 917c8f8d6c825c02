import type { Sandbox } from '../driver/sandbox.js'
import { type ContainerLaunch, type ContainerLaunchOptions, containerLaunch } from './container-launch.js'
import { type ProcessLaunch, type ProcessLaunchOptions, processLaunch } from './process-launch.js'

/**
 * Everything that a sandbox's supervisor starts with: environment, files, arguments, and the paths that are its own.
 *
 * `kind: 'container'` is for a backend that starts OpenShell's own supervisor as the entry point of a container: the files lie
 * where that one looks for them, and the backend mounts them. `kind: 'process'` is for a backend that starts a supervisor, such
 * as openshell-dev-supervisor, as a process of the host: its paths lie in the sandbox's own folder.
 *
 * The environment and the arguments hold nothing secret: the token and the launch material of line 0.1 go by file, with mode
 * 0600, and the launch material is passed on byte by byte. The paths and names are those of 0.0.111. For line 0.1, where the
 * supervisor is a program of its own outside of the workload, nothing is known about its environment, nor about the place where
 * it looks for launch material.
 *
 * @throws TypeError as `supervisorEnvironment` does. Rejects when the file with the token cannot be read.
 */
export function supervisorLaunch(sandbox: Sandbox, options: ContainerLaunchOptions): Promise<ContainerLaunch>
export function supervisorLaunch(sandbox: Sandbox, options: ProcessLaunchOptions): Promise<ProcessLaunch>
export async function supervisorLaunch(
  sandbox: Sandbox,
  options: ContainerLaunchOptions | ProcessLaunchOptions,
): Promise<ContainerLaunch | ProcessLaunch> {
  return options.kind === 'container' ? containerLaunch(sandbox, options) : processLaunch(sandbox, options)
}
