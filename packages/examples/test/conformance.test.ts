import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Driver, type DriverServer, type SettingDefinitions, serveDriver } from '@openshell-ts/driver-kit'
import { type ConformanceReport, formatReport, runConformance } from '@openshell-ts/driver-kit/conformance'
import { expect, test, vi } from 'vitest'
import { localProcessDriver } from '../src/local-process/local-process-driver.js'
import { minimalDriver } from '../src/minimal-driver/minimal-driver.js'
import { createTemporaryFolder } from './temporary-folder.js'

vi.setConfig({ testTimeout: 180_000 })

/** Examines a driver whose operator allows blocks, and which can be restarted. */
async function examine<Current, Definitions extends SettingDefinitions>(driver: Driver<Current, Definitions>) {
  await using folder = createTemporaryFolder()
  const socketPath = join(folder.path, 'driver.sock')
  const serve = (): Promise<DriverServer> =>
    serveDriver(driver, {
      socketPath,
      stateDirectory: join(folder.path, 'state'),
      admissionConfigJson: '{"allow_driver_config":true}',
    })
  let server = await serve()
  try {
    const index = { versions: driver.config.versions, schemas: driver.config.schemas() }
    const restart = async () => {
      await server.close()
      server = await serve()
    }
    return await runConformance(socketPath, index, { restart, timeoutMs: 20_000 })
  } finally {
    await server.close()
  }
}

test('local-process passes all cases on both lines', async () => {
  expectComplete(await examine(localProcessDriver))
})

test('the minimal driver passes all cases on both lines', async () => {
  expectComplete(await examine(minimalDriver))
})

function expectComplete(report: ConformanceReport): void {
  expect(report.counts.fail, formatReport(report)).toBe(0)
  // The gate that is open is not judged shut.
  const skipped = report.results.filter(({ outcome }) => outcome === 'skip')
  expect(skipped.map(({ id, line }) => `${id} on ${line}`)).toEqual(['selected/gate-off on 0.1'])
  expect(report.level).toBe('L3')
}

test('the minimal driver is at most 60 lines', () => {
  const text = readFileSync(new URL('../src/minimal-driver/minimal-driver.ts', import.meta.url), 'utf8')
  expect(text.trim().split('\n').length).toBeLessThanOrEqual(60)
})
