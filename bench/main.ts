import { writeFileSync } from 'node:fs'
import type { Comparison, Suite } from './comparison.js'
import { devGatewaySuite } from './dev-gateway/dev-gateway-suite.js'
import { driverConfigSuite } from './driver-config/driver-config-suite.js'
import { driverKitSuite } from './driver-kit/driver-kit-suite.js'
import { formatComparison } from './format-comparison.js'
import { machineLine } from './machine-line.js'
import { readArguments, usageText } from './read-arguments.js'
import { sdkSuite } from './sdk/sdk-suite.js'

const suites: readonly Suite[] = [driverConfigSuite, driverKitSuite, devGatewaySuite, sdkSuite]

async function main(argv: readonly string[]): Promise<void> {
  const known = suites.map((suite) => suite.name)
  const { names, json, help } = readArguments(argv, known)
  if (help) {
    process.stdout.write(usageText(known))
    return
  }
  const machine = machineLine()
  console.log(machine)
  const results: Record<string, readonly Comparison[]> = {}
  for (const suite of suites.filter(({ name }) => names.includes(name))) {
    console.log(`\n── ${suite.name}`)
    const comparisons = await suite.run()
    for (const comparison of comparisons) console.log(`\n${formatComparison(comparison)}`)
    results[suite.name] = comparisons
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, suites: results }, undefined, 2)}\n`)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
