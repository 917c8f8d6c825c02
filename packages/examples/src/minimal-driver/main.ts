import { runDriver } from '@openshell-ts/driver-kit'
import { minimalDriver } from './minimal-driver.js'

await runDriver(minimalDriver)
