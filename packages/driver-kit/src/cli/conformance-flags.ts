import type { Flags } from './flag.js'

/** What the exit codes mean. */
export const conformanceExitCodes = {
  0: 'nothing failed',
  1: 'a case failed',
  2: 'wrong command line, or not examined to the end',
} as const

function countCheck(most: number) {
  return (text: string): string | undefined => {
    const count = Number(text)
    if (/^\d+$/.test(text) && count >= 1 && count <= most) return undefined
    return `must be a whole number from 1 to ${most}`
  }
}

/** The flags of the conformance suite. */
export const conformanceFlags = {
  line: {
    description: 'Line of the gateway to speak as: 0.0, 0.1 or both.',
    hint: 'LINE',
    default: 'both',
    check: (text) => (['0.0', '0.1', 'both'].includes(text) ? undefined : 'must be 0.0, 0.1 or both'),
  },
  index: {
    description: 'File with the driver\'s published schemas, as its "config schema" prints them.',
    hint: 'FILE',
  },
  vectors: {
    description: 'File with published vectors, conformance.json; each block of it becomes a case.',
    hint: 'FILE',
  },
  group: { description: 'Only these groups, with commas between them.', hint: 'GROUPS' },
  case: { description: 'Only these cases, with commas between them.', hint: 'CASES' },
  list: { description: 'Print the cases, and examine nothing.' },
  json: { description: 'Write the report as JSON to this file; - is stdout.', hint: 'FILE' },
  junit: { description: 'Write the report as JUnit XML to this file.', hint: 'FILE' },
  'driver-command': {
    description: 'Shell command that serves the driver; the suite starts it, kills it (-9) and starts it again.',
    hint: 'COMMAND',
  },
  'restart-command': {
    description: 'Shell command that kills a running driver and starts it again on its socket and state.',
    hint: 'COMMAND',
  },
  image: { description: 'Image that sandboxes ask for; none by default.', hint: 'IMAGE' },
  concurrency: {
    description: 'How many cases run at the same time.',
    hint: 'N',
    default: '6',
    check: countCheck(1_000),
  },
  'timeout-ms': {
    description: 'How long one answer or event may take.',
    hint: 'MS',
    default: '60000',
    check: countCheck(2 ** 31 - 1),
  },
} as const satisfies Flags
