import { faultEffects } from './fault-effects.js'
import { faultGrammar } from './parse-fault.js'

const effects = Object.entries(faultEffects).map(([name, { value, about, strikes }]) => {
  const where = strikes ? `\n${' '.repeat(31)}on ${strikes.join(', ')}` : ''
  return `  ${`${name}${value}`.padEnd(28)} ${about}${where}`
})

/** What `--fault help` prints. */
export const faultUsage = `Faults, for --fault: ${faultGrammar}

A fault strikes the calls of one RPC, of one sandbox when it is named, and as often as it says. driver/ means the gateway's calls of
its driver, everything else calls of clients and supervisors. Times run by the gateway's clock.

${effects.join('\n')}

Examples:
  --fault CreateSandbox:drop-after-commit:1
  --fault GetSandbox@box:status=UNAVAILABLE:2
  --fault driver/GetSandbox:wrong-id:1
`
