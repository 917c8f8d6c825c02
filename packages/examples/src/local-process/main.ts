import { runDriver } from '@openshell-ts/driver-kit'
import { localProcessDriver } from './local-process-driver.js'

await runDriver(localProcessDriver)
