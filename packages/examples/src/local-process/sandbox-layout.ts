import { join } from 'node:path'

/** Where everything of one sandbox lies, below the folder that the kit keeps for it. */
export interface SandboxLayout {
  /** What the sandbox's processes own: their home directory, with the working directory and the temporary files below. */
  readonly home: string
  /** For temporary files: `TMPDIR` of the sandbox's processes. */
  readonly temporary: string
  /** The resolved block that the handler received, as JSON. */
  readonly configFile: string
  /** Output of the supervisor and of the main process. */
  readonly logFile: string
  /** Which process runs, or how it ended; see `process-record.ts`. */
  readonly processFile: string
}

/** Lays out a sandbox's folder. Touches nothing. */
export function sandboxLayout(directory: string): SandboxLayout {
  const home = join(directory, 'home')
  return {
    home,
    temporary: join(home, 'tmp'),
    configFile: join(directory, 'config.json'),
    logFile: join(directory, 'supervisor.log'),
    processFile: join(directory, 'process.json'),
  }
}
