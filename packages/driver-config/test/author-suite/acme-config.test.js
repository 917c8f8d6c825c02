import { testDriverConfig } from '@openshell-ts/driver-config/testing'
import { config } from './acme-config.js'

testDriverConfig(config, { fixturesDir: new URL('fixtures', import.meta.url), runs: 40, seed: 42 })
