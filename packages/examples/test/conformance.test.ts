import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Driver, type DriverServer, type SettingDefinitions, serveDriver } from '@openshell-ts/driver-kit'
import { runConformance, type WireLine } from '@openshell-ts/driver-kit/conformance'
import { describe, expect, test, vi } from 'vitest'
import { localProcessDriver } from '../src/local-process/local-process-driver.js'
import { minimalDriver } from '../src/minimal-driver/minimal-driver.js'
import { createTemporaryFolder } from './temporary-folder.js'

vi.setConfig({ testTimeout: 60_000 })

const lines: readonly WireLine[] = ['0.0', '0.1']

/** Examines a driver whose operator allows blocks, and which can be restarted. */
async function examine<Current, Definitions extends SettingDefinitions>(
  driver: Driver<Current, Definitions>,
  line: WireLine,
) {
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
    return await runConformance(socketPath, { line, index, restart, timeoutMs: 20_000 })
  } finally {
    await server.close()
  }
}

describe.each(lines)('on line %s', (line) => {
  test('local-process passes all cases', async () => {
    const { results, level } = await examine(localProcessDriver, line)
    expect(results.filter(({ outcome }) => outcome === 'fail')).toEqual([])
    expect(results.filter(({ outcome }) => outcome === 'skip').map(({ id }) => id)).toEqual(skippedOn(line))
    expect(level).toBe('L3')
  })

  test('the minimal driver passes all cases', async () => {
    const { results, level } = await examine(minimalDriver, line)
    expect(results.filter(({ outcome }) => outcome === 'fail')).toEqual([])
    expect(results.filter(({ outcome }) => outcome === 'skip').map(({ id }) => id)).toEqual(skippedOn(line))
    expect(level).toBe('L3')
  })
})

test('the minimal driver is at most 60 lines', () => {
  const text = readFileSync(new URL('../src/minimal-driver/minimal-driver.ts', import.meta.url), 'utf8')
  expect(text.trim().split('\n').length).toBeLessThanOrEqual(60)
})

// The gate that is open is not judged shut.
function skippedOn(line: WireLine): string[] {
  return line === '0.1' ? ['selected/gate-off'] : []
}
