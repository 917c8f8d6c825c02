// For driver authors and their test suites.
export type { ConformanceLevel } from './conformance-case.js'
export { ConformanceError, type ConformanceErrorKind } from './conformance-error.js'
export type { ConformanceOutcome, ConformanceReport, ConformanceResult } from './conformance-report.js'
// For tools that show a report.
export { formatReport } from './format-report.js'
export { toJunitXml } from './junit-report.js'
export { type RunConformanceOptions, runConformance } from './run-conformance.js'
export type { WireLine } from './wire-line.js'
