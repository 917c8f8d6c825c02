import { parseArgs } from 'node:util'
import type { WireLine } from '@openshell-ts/sdk'
import { packageFile } from '../package-file.js'
import { UsageError } from '../usage-error.js'

/** What the client is asked to do. */
export interface StoryOptions {
  /** URL of the gateway. */
  readonly gateway: string
  /** Protocol to speak, for gateways that do not tell their version. Absent: found out from the version. */
  readonly wireLine?: WireLine | undefined
  /** Path of the template file, YAML or JSON. */
  readonly template: string
  /** Key under which the gateway looks for its driver's block. Absent: the gateway is asked. */
  readonly activeDriver?: string | undefined
  /** Absent: the gateway's default workspace. */
  readonly workspace?: string | undefined
  /** Whether programs read the output. */
  readonly json: boolean
}

/** What `--help` prints. */
export const STORY_HELP = `Creates sandboxes from templates at an OpenShell gateway, and shows what happens.

Usage
  sandbox-story --gateway URL [options]

Options
  --gateway URL          address of the gateway, such as http://127.0.0.1:17670
  --template FILE        template to create from, YAML or JSON; one with three drivers by default
  --active-driver NAME   key of the gateway's driver; the gateway is asked by default
  --workspace NAME       workspace to create in; the gateway's default one by default
  --wire-line LINE       protocol to speak, 0.0 or 0.1, for a gateway that does not tell its version
  --json                 one JSON object a step, each on its own line
  -h, --help             this text

Examples
  sandbox-story --gateway http://127.0.0.1:17670
  sandbox-story --gateway http://127.0.0.1:17670 --template my-template.yaml --active-driver docker
  sandbox-story --gateway http://127.0.0.1:18080 --wire-line 0.0     # a local build, which calls itself 0.0.0
  sandbox-story --gateway http://127.0.0.1:17670 --json | jq .step
`

/**
 * Reads the command line; `undefined` when it asks for help.
 *
 * @throws UsageError for an unknown option, a missing one, or one with a wrong value.
 */
export function parseStoryOptions(argv: string[]): StoryOptions | undefined {
  const values = parseFlags(argv)
  if (values.help) return undefined
  const { gateway, template, json = false, workspace } = values
  if (!gateway)
    throw new UsageError('--gateway is missing: pass the address of a gateway, such as http://127.0.0.1:17670.')
  return {
    gateway,
    wireLine: readWireLine(values['wire-line']),
    template: template ?? packageFile('@openshell-ts/examples', 'templates/portable.yaml'),
    activeDriver: values['active-driver'],
    workspace,
    json,
  }
}

function parseFlags(argv: string[]) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        gateway: { type: 'string' },
        template: { type: 'string' },
        'active-driver': { type: 'string' },
        workspace: { type: 'string' },
        'wire-line': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}.`)
  }
}

function readWireLine(value: string | undefined): StoryOptions['wireLine'] {
  if (value === undefined || value === '0.0' || value === '0.1') return value
  throw new UsageError('--wire-line must be 0.0 or 0.1.')
}
