import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The folder that holds all that one run of the demo writes. */
export interface DemoFolder {
  readonly path: string
  readonly driverSocket: string
  readonly driverState: string
  remove(): void
}

/** Makes a fresh folder that only this user can read. */
export function createDemoFolder(): DemoFolder {
  const path = mkdtempSync(join(tmpdir(), 'openshell-'))
  return {
    path,
    driverSocket: join(path, 'driver.sock'),
    driverState: join(path, 'state'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}
