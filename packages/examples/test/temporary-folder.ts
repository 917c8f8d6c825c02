import { mkdtempSync, rmSync } from 'node:fs'
import { endSandboxProcesses, listSandboxFoldersInUse } from '../src/local-process/sandbox-processes.js'

/** A folder for one test; disposing of it also ends the processes of all sandboxes below it. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
}

/** Makes a folder with a path short enough for sockets. */
export function createTemporaryFolder(): TemporaryFolder {
  const path = mkdtempSync('/tmp/ex-')
  return {
    path,
    async [Symbol.asyncDispose]() {
      const directories = listSandboxFoldersInUse(path)
      await Promise.all(directories.map((directory) => endSandboxProcesses({ directory }, { graceMs: 0 })))
      rmSync(path, { recursive: true, force: true })
    },
  }
}
