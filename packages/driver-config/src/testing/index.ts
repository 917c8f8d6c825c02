// For the test suites of driver authors.
export { type ConfigProperty, configProperties } from './config-property.js'
export type { ConfigCounterexample } from './counterexample.js'
export { type ConfigFixture, type FindCounterexamplesOptions, findCounterexamples } from './find-counterexamples.js'
export type { CompiledSchema, SchemaCompiler } from './schema-compiler.js'
export { type TestDriverConfigOptions, testDriverConfig } from './test-driver-config.js'
