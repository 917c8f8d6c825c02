import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DriverProgram } from '../conformance/driver-program.js'
import { runRestartCommand } from '../conformance/run-restart-command.js'
import { isListening } from '../conformance/until-listening.js'
import { CommandLineError } from './command-line-error.js'
import type { CommandLineValues } from './read-flags.js'

/** A driver that serves, and how the suite restarts it; disposing of it ends what the suite has started. */
export interface ExaminedDriver extends AsyncDisposable {
  readonly socketPath: string
  /** Absent when the suite has no way to restart the driver. */
  readonly restart?: () => Promise<void>
}

/**
 * Finds the driver to examine: one that serves already, or one that the suite starts.
 *
 * @throws CommandLineError when the command line names none, ConformanceError when it does not start.
 */
export async function examineDriver(
  socketPath: string | undefined,
  { 'driver-command': driverCommand, 'restart-command': restartCommand }: CommandLineValues,
): Promise<ExaminedDriver> {
  if (driverCommand !== undefined && restartCommand !== undefined) {
    throw new CommandLineError(
      'Write --driver-command or --restart-command: a driver that the suite starts it restarts itself.',
    )
  }
  if (driverCommand !== undefined) return startDriver(driverCommand, socketPath)
  if (socketPath === undefined) {
    throw new CommandLineError(
      "Write the path of the driver's socket after the command, or --driver-command; see --help.",
    )
  }
  const restart = restartCommand === undefined ? {} : { restart: () => runRestartCommand(restartCommand, socketPath) }
  return { socketPath, ...restart, async [Symbol.asyncDispose]() {} }
}

async function startDriver(command: string, socketPath: string | undefined): Promise<ExaminedDriver> {
  if (socketPath !== undefined && (await isListening(socketPath))) {
    throw new CommandLineError('A driver serves on SOCKET already; end it, or leave --driver-command out.')
  }
  const folder = await mkdtemp(join(tmpdir(), 'conf-'))
  const path = socketPath ?? join(folder, 'compute.sock')
  const program = new DriverProgram(command, path, {
    OPENSHELL_DRIVER_STATE_DIR: join(folder, 'state'),
    ...process.env,
    OPENSHELL_COMPUTE_DRIVER_SOCKET: path,
  })
  const end = async () => {
    await program[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await program.start()
  } catch (error) {
    await end()
    throw error
  }
  return { socketPath: path, restart: () => program.restart(), [Symbol.asyncDispose]: end }
}
