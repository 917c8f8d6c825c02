// For the test suites of driver authors.
export {
  type ConfigCounterexample,
  type ConfigFixture,
  type ConfigProperty,
  type FindCounterexamplesOptions,
  findCounterexamples,
} from './find-counterexamples.js'
export { type TestDriverConfigOptions, testDriverConfig } from './test-driver-config.js'
