import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDemoFolder } from '../../packages/examples/src/demo/demo-folder.js'
import { findFreePort } from '../../packages/examples/src/demo/free-port.js'
import { type Part, startPart } from '../../packages/examples/src/demo/part.js'
import { untilListening } from '../../packages/examples/src/demo/until-listening.js'
import { sandboxLayout } from '../../packages/examples/src/local-process/sandbox-layout.js'
import {
  endSandboxProcesses,
  listSandboxFoldersInUse,
  SANDBOX_MARKER,
} from '../../packages/examples/src/local-process/sandbox-processes.js'
import { packageFile } from '../../packages/examples/src/package-file.js'
import type { PeerLine } from './peer-lines.js'

/** A block that the driver accepts, and with which its sandbox fails. */
export const failingBlock = { files: [{ path: 'peer-cannot-start', content: '' }] }

const startTimeoutMs = 30_000
const stopTimeoutMs = 10_000

/** A gateway and its driver in processes of their own, as people run them. */
export interface PeerWorld extends AsyncDisposable {
  /** `host:port` of the gateway. */
  readonly endpoint: string
  /** A folder for the client's own files, removed with the world. */
  readonly home: string
}

/** What a peer needs of its world. */
export interface PeerWorldOptions extends Pick<PeerLine, 'gatewayArguments' | 'driverArguments'> {
  /** A folder of programs that sandboxes find first, with the client's Python. */
  readonly binaries: string
}

/** Starts driver and gateway; both serve when it resolves. */
export async function startPeerWorld(options: PeerWorldOptions): Promise<PeerWorld> {
  const { gatewayArguments, driverArguments, binaries } = options
  const folder = createDemoFolder()
  const port = await findFreePort()
  const supervisor = writeSupervisor(folder.path, binaries)
  const parts: Part[] = []
  const world: PeerWorld = {
    endpoint: `127.0.0.1:${port}`,
    home: folder.path,
    async [Symbol.asyncDispose]() {
      for (const part of parts.reverse()) await part.stop({ signal: 'SIGTERM', killAfterMs: stopTimeoutMs })
      const left = listSandboxFoldersInUse(folder.path)
      await Promise.all(left.map((directory) => endSandboxProcesses({ directory }, { graceMs: 0 })))
      folder.remove()
    },
  }
  try {
    const driver = packageFile('@openshell-ts/examples', 'bin/local-process-driver.js')
    const serve = ['serve', '--bind-socket', folder.driverSocket, '--state-dir', folder.driverState]
    const endpoint = ['--openshell-endpoint', `http://${world.endpoint}`, '--supervisor-command', supervisor]
    await start('driver', [driver, ...serve, ...endpoint, ...driverArguments], { path: folder.driverSocket })
    const gateway = packageFile('@openshell-ts/dev-gateway', 'bin/openshell-dev-gateway.js')
    const dial = ['--driver', `local-process=${folder.driverSocket}`, '--port', String(port)]
    await start('gateway', [gateway, ...dial, ...gatewayArguments], { host: '127.0.0.1', port })
    return world
  } catch (error) {
    await world[Symbol.asyncDispose]()
    throw error
  }

  async function start(name: string, argv: [string, ...string[]], address: Parameters<typeof untilListening>[1]) {
    const part = startPart({ name, argv, output: 'kept' })
    parts.push(part)
    await untilListening(part, address, { timeoutMs: startTimeoutMs, signal: new AbortController().signal }).catch(
      (error: Error) => {
        throw new Error([error.message, ...part.lastLines()].join('\n'))
      },
    )
  }
}

// The supervisor of every sandbox: openshell-dev-supervisor, with the client's Python in its shells, and broken on demand.
function writeSupervisor(folder: string, binaries: string): string {
  const file = join(folder, 'supervisor')
  const { configFile, home } = sandboxLayout(`$${SANDBOX_MARKER}`)
  const program = packageFile('@openshell-ts/dev-supervisor', 'bin/openshell-dev-supervisor.js')
  writeFileSync(
    file,
    `#!/bin/sh
if grep -q peer-cannot-start "${configFile}"; then exit 3; fi
echo 'export PATH="${binaries}:$PATH"' > "${home}/.profile"
exec '${process.execPath}' '${program}' "$@"
`,
  )
  chmodSync(file, 0o700)
  return file
}
