// For the test suites of driver authors.
export type { ExpectedIssue, VectorExpectation } from '../conformance/conformance-vector.js'
export { type ConformanceBlock, readConformance } from '../conformance/read-conformance.js'
export { type ConfigProperty, configProperties } from './config-property.js'
export type { ConfigCounterexample } from './counterexample.js'
export { type ConfigFixture, type FindCounterexamplesOptions, findCounterexamples } from './find-counterexamples.js'
export type { CompiledSchema, SchemaCompiler } from './schema-compiler.js'
export { type TestDriverConfigOptions, testDriverConfig } from './test-driver-config.js'
