import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type LaunchContext, type Sandbox, supervisorLaunch } from '@openshell-ts/driver-kit'
import { packageFile } from '../package-file.js'
import { launchCommand } from './launch-command.js'
import type { LocalProcessConfig } from './local-process-config.js'
import type { LocalProcessSettings } from './local-process-settings.js'
import { prepareFiles } from './prepare-files.js'
import { writeProcessRecord } from './process-record.js'
import { type SandboxLayout, sandboxLayout } from './sandbox-layout.js'
import { endSandboxProcesses, SANDBOX_MARKER } from './sandbox-processes.js'
import { type StartedSupervisor, startSupervisor } from './start-supervisor.js'

/** Names the file in which the processes of a sandbox find the block that the driver received, as JSON. */
export const CONFIG_FILE_VARIABLE = 'LOCAL_PROCESS_CONFIG_FILE'

/** What the driver's `create` and `start` get. */
export type LocalProcessLaunch = LaunchContext<LocalProcessConfig, LocalProcessSettings>

/** Starts the processes of a sandbox, for the first time or again, and reports it when they end by themselves. */
export async function launchSandbox(sandbox: Sandbox, launch: LocalProcessLaunch): Promise<void> {
  const { config } = launch
  const layout = sandboxLayout(sandbox.directory)
  await prepareFiles(layout, config)
  await writeFile(layout.configFile, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  const { argv, environment, workingDirectory } = await describeLaunch(sandbox, layout, launch)
  const supervisor = await startSupervisor({
    command: launchCommand(argv, {
      openFiles: config.limits.open_files,
      fileSizeBytes: config.limits.file_size_bytes,
      priority: config.priority,
      umask: config.umask,
    }),
    environment,
    directory: workingDirectory,
    logFile: layout.logFile,
  })
  writeProcessRecord(layout.processFile, supervisor.identity)
  reportExit(sandbox, supervisor, launch).catch((error: unknown) => {
    launch.logger.error({ error }, 'Could not follow the end of the sandbox')
  })
}

function supervisorProgram({ settings, config }: LocalProcessLaunch): readonly [string, ...string[]] {
  if (settings.supervisorCommand !== undefined) return [settings.supervisorCommand]
  const file = packageFile('@openshell-ts/dev-supervisor', 'bin/openshell-dev-supervisor.js')
  return [process.execPath, file, '--stop-grace-ms', String(config.stop.timeout_ms)]
}

/**
 * All that the supervisor starts with. The driver's own environment stays out of it: it may hold secrets of the host. The
 * driver's variables win over the user's, except for `HOME` and `TMPDIR`, which are only defaults. Launch material of line 0.1
 * is left out, because openshell-dev-supervisor has no use for it and no secret should lie about.
 */
function describeLaunch(sandbox: Sandbox, layout: SandboxLayout, launch: LocalProcessLaunch) {
  const { settings, config } = launch
  const own = {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    [SANDBOX_MARKER]: sandbox.directory,
    [CONFIG_FILE_VARIABLE]: layout.configFile,
  }
  const defaults = { HOME: layout.home, TMPDIR: layout.temporary }
  const environment = { ...defaults, ...sandbox.environment, ...own }
  return supervisorLaunch(
    { ...sandbox, environment },
    {
      kind: 'process',
      endpoint: settings.openshellEndpoint,
      program: supervisorProgram(launch),
      workspaceRoot: join(layout.home, config.working_directory),
      variables: own,
    },
  )
}

/** The sandbox ends with its first process: what that one leaves running is ended too. */
async function reportExit(sandbox: Sandbox, supervisor: StartedSupervisor, launch: LocalProcessLaunch): Promise<void> {
  const exitCode = await supervisor.exited
  if (launch.signal.aborted) return
  await endSandboxProcesses({ directory: sandbox.directory }, { graceMs: launch.config.stop.timeout_ms })
  if (launch.signal.aborted) return
  writeProcessRecord(sandboxLayout(sandbox.directory).processFile, { ...supervisor.identity, exitCode })
  launch.report({ type: 'exited', exitCode })
}
