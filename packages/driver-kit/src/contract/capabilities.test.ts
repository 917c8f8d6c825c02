import { readAdvertisedConfig } from '@openshell-ts/driver-config'
import { expect, test } from 'vitest'
import { configDriver } from '../../test/config-driver.js'
import { memoryBackend } from '../../test/memory-driver.js'
import { defineDriver } from '../define-driver.js'
import type { Driver } from '../driver/driver.js'
import { toCapabilities } from './capabilities.js'

const acme = configDriver(memoryBackend(), [])

test('the version that gateways show tells of the config only when the author says so', () => {
  const versions = [acme, defineDriver({ ...acme, advertiseConfig: true })].map(
    (driver) => toCapabilities(driver as unknown as Driver, '').driverVersion,
  )
  expect(versions[0]).toBe('1.4.0')
  expect(readAdvertisedConfig(versions[1] ?? '')).toMatchObject({ driverVersion: '1.4.0', min: 1, max: 2 })
})

test('a version that grows too long with its config is refused', () => {
  const version = `1.4.0-${'a'.repeat(110)}`
  expect(defineDriver({ ...acme, version }).version).toBe(version)
  expect(() => defineDriver({ ...acme, version, advertiseConfig: true })).toThrow('1 to 128 printable ASCII')
})
