import { spawnSync } from 'node:child_process'
import { DriverError, type RequestedSandbox } from '@openshell-ts/driver-kit'
import { FILE_SIZE_BLOCK_BYTES } from './launch-command.js'
import type { LocalProcessConfig } from './local-process-config.js'

/**
 * Refuses what a plain process cannot give, so that nobody believes to have it. GPUs and limits of CPU and memory are not
 * mentioned: the kit refuses what the driver's capabilities do not claim.
 *
 * @throws DriverError that says what to change.
 */
export function refuseUnsupported(sandbox: RequestedSandbox, { limits }: LocalProcessConfig): void {
  if (sandbox.resources !== undefined) refuse('a local-process sandbox reserves no CPU or memory; remove resources')
  if (sandbox.agentSocketPath !== '') refuse('a local-process sandbox has no agent socket; remove agent_socket')
  // Annotations only describe a sandbox, as labels do; all else is a wish that nothing here fulfils.
  const { annotations: _, ...platformSettings } = sandbox.platformConfig ?? {}
  if (Object.keys(platformSettings).length > 0) {
    refuse('a local-process sandbox runs on no platform; remove runtime class and other platform settings')
  }
  refuseAboveHost('open_files', limits.open_files, () => readHardLimit('-n'))
  refuseAboveHost('file_size_bytes', limits.file_size_bytes, () => readHardLimit('-f') * FILE_SIZE_BLOCK_BYTES)
}

/** A process may lower its limits, and never raise them above those of the driver that starts it. */
function refuseAboveHost(field: string, wanted: number | undefined, readPossible: () => number): void {
  if (wanted === undefined) return
  const possible = readPossible()
  if (wanted <= possible) return
  refuse(
    `driver_config.limits.${field} may be at most ${possible} on this host; lower it, or start the driver with more`,
  )
}

function readHardLimit(flag: '-n' | '-f'): number {
  const { stdout } = spawnSync('/bin/sh', ['-c', `ulimit -H ${flag}`], { encoding: 'utf8' })
  return stdout.trim() === 'unlimited' ? Number.POSITIVE_INFINITY : Number(stdout)
}

function refuse(message: string): never {
  throw new DriverError({ code: 'failed-precondition', message })
}
