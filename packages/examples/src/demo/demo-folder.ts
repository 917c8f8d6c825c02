import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// A Unix socket's path may have 103 bytes on macOS, and its temporary folder alone takes half of them.
const LONGEST_PARENT = 16

/** The folder that holds all that one run of the demo writes. */
export interface DemoFolder {
  readonly path: string
  readonly driverSocket: string
  readonly driverState: string
  remove(): void
}

/** Makes a fresh folder with a short path, readable by this user only. */
export function createDemoFolder(): DemoFolder {
  const parent = tmpdir().length <= LONGEST_PARENT ? tmpdir() : '/tmp'
  const path = mkdtempSync(join(parent, 'openshell-'))
  return {
    path,
    driverSocket: join(path, 'driver.sock'),
    driverState: join(path, 'state'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
