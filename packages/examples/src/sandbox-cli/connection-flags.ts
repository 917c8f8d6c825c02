import { OpenShellClient, OpenShellError, type WireLine } from '@openshell-ts/sdk'
import { UsageError } from '../usage-error.js'
import type { Flags, FlagValues } from './flag.js'
import { speakOfFlags } from './speak-of-flags.js'
import type { Surroundings } from './surroundings.js'

const WIRE_LINES: readonly WireLine[] = ['0.0', '0.1']

/** The flags of every subcommand. */
export const CONNECTION_FLAGS = {
  gateway: {
    type: 'string',
    hint: 'NAME',
    description: 'gateway that the OpenShell command line tool knows [OPENSHELL_GATEWAY]',
  },
  endpoint: {
    type: 'string',
    hint: 'URL',
    description: 'address of the gateway, such as http://127.0.0.1:17670 [OPENSHELL_GATEWAY_ENDPOINT]',
  },
  workspace: { type: 'string', hint: 'NAME', description: 'workspace of the sandbox [OPENSHELL_WORKSPACE]' },
  'wire-line': {
    type: 'string',
    hint: 'LINE',
    description: `protocol to speak, ${WIRE_LINES.join(' or ')}, for gateways that do not tell their version`,
  },
  'allow-insecure-auth': {
    type: 'boolean',
    description: 'let a token go unencrypted to another machine; whoever listens on the way can use it',
  },
  json: { type: 'boolean', description: 'write JSON, one value a line' },
  help: { type: 'boolean', description: 'this text' },
} as const satisfies Flags

/**
 * Connects to the gateway that the flags name, else the one of the environment, else the selected one.
 *
 * @throws UsageError for flags that cannot be what they say.
 */
export async function openClient(
  flags: FlagValues<typeof CONNECTION_FLAGS>,
  { environment, signal }: Pick<Surroundings, 'environment' | 'signal'>,
): Promise<OpenShellClient> {
  const { gateway, endpoint, workspace, 'wire-line': line } = flags
  const wireLine = WIRE_LINES.find((known) => known === line)
  if (line !== undefined && wireLine === undefined)
    throw new UsageError(`--wire-line must be ${WIRE_LINES.join(' or ')}.`)
  const options = {
    ...(workspace !== undefined && { workspace }),
    ...(wireLine && { wireLine }),
    allowInsecureAuth: flags['allow-insecure-auth'] === true,
    signal,
  }
  if (gateway !== undefined && endpoint === undefined) {
    return OpenShellClient.fromGateway(gateway, { ...options, environment })
  }
  // Beside an endpoint, the name says whose credentials go there.
  const named = {
    ...(gateway !== undefined && { OPENSHELL_GATEWAY: gateway }),
    ...(endpoint !== undefined && { OPENSHELL_GATEWAY_ENDPOINT: endpoint }),
  }
  return OpenShellClient.fromEnv({ ...options, environment: { ...environment, ...named } }).catch((error: unknown) => {
    throw nameFlags(error, Object.keys(named))
  })
}

// What was typed as a flag reaches the client as a variable.
function nameFlags(error: unknown, variables: readonly string[]): unknown {
  if (!(error instanceof OpenShellError) || error.kind !== 'configuration') return error
  const text = [error.plainMessage, error.hint].filter((sentence) => sentence !== undefined).join(' ')
  const typed = text.replace(/\bOPENSHELL_(GATEWAY_ENDPOINT|GATEWAY)\b/g, (name, word: string) =>
    variables.includes(name) ? (word === 'GATEWAY' ? '--gateway' : '--endpoint') : name,
  )
  return typed === text ? error : new UsageError(speakOfFlags(typed))
}
