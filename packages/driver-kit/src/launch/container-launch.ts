import type { Sandbox } from '../driver/sandbox.js'
import { type LaunchOptions, removedVariables, type SupervisorLaunch } from './launch-options.js'
import { reservedPaths } from './reserved-paths.js'
import { supervisorEnvironment } from './supervisor-environment.js'
import { launchMaterialFile, type SupervisorFile, tokenFile } from './supervisor-file.js'

/** How a supervisor is started as the entry point of a container. */
export interface ContainerLaunchOptions extends LaunchOptions {
  readonly kind: 'container'
  /** What the files of the client's certificate hold; needed for an `https:` endpoint. */
  readonly tls?: { readonly ca: Uint8Array; readonly certificate: Uint8Array; readonly key: Uint8Array }
  /**
   * Where the sandbox works: the image's working directory, or a folder that is mounted for it.
   *
   * @default '/sandbox'
   */
  readonly workspaceRoot?: string
  /** The gateway's id, for a label by which a backend tells the sandboxes of several gateways apart. No label when absent. */
  readonly gatewayId?: string
}

/** How a container with a supervisor is made. Taken from OpenShell's own drivers for 0.0.111; only the reserved paths are observed. */
export interface ContainerLaunch extends SupervisorLaunch {
  /** What to mount, read-only. The supervisor's program is not among them: mount it at `argv[0]` with mode 0755. */
  readonly files: readonly SupervisorFile[]
  /** The supervisor starts as root and gives its privileges up by itself. */
  readonly uid: 0
  readonly gid: 0
  /** Capabilities to add, in the notation of Linux without `CAP_`. Rootless engines need more of them. */
  readonly capabilities: readonly string[]
  /** Most processes at one time. */
  readonly processLimit: number
  /** The user's labels, overlaid by those that tell whose the container is. */
  readonly labels: Readonly<Record<string, string>>
}

const program = '/opt/openshell/bin/openshell-sandbox'
const tokenPath = '/etc/openshell/auth/sandbox.jwt'
const launchPath = '/etc/openshell/auth/launch-authentication'
const tlsPaths = {
  ca: '/etc/openshell/tls/client/ca.crt',
  certificate: '/etc/openshell/tls/client/tls.crt',
  key: '/etc/openshell/tls/client/tls.key',
}

/** What the entry point of a container needs before it has read anything. The driver's own `variables` win. */
const containerVariables = {
  HOME: '/root',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  TERM: 'xterm',
}

/** A launch for a container; see `supervisorLaunch`. */
export async function containerLaunch(sandbox: Sandbox, options: ContainerLaunchOptions): Promise<ContainerLaunch> {
  const { tls, workspaceRoot = '/sandbox', parameters = [], variables, ...rest } = options
  const { tokenFile: hostTokenFile, ...tokenless } = sandbox
  const environment: Readonly<Record<string, string>> = {
    ...supervisorEnvironment(tokenless, {
      ...rest,
      sshSocketPath: '/run/openshell/ssh.sock',
      variables: { ...containerVariables, ...variables },
      ...(hostTokenFile === undefined ? {} : { tokenFile: tokenPath }),
      ...(tls === undefined ? {} : { tls: tlsPaths }),
    }),
    ...(sandbox.image === '' ? {} : { OPENSHELL_CONTAINER_IMAGE: sandbox.image }),
  }
  return {
    environment,
    removedVariables: removedVariables(environment),
    files: [
      ...(await tokenFile(hostTokenFile, tokenPath)),
      ...launchMaterialFile(options.launchAuthentication, options.launchAuthenticationPath ?? launchPath),
      ...tlsFiles(tls),
    ],
    workingDirectory: '/',
    argv: [program, '--workdir', workspaceRoot, ...parameters],
    reservedPaths,
    uid: 0,
    gid: 0,
    capabilities: ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'SYSLOG'],
    processLimit: 2_048,
    labels: { ...sandbox.labels, ...ownLabels(sandbox, options.gatewayId) },
  }
}

function tlsFiles(tls: ContainerLaunchOptions['tls']): readonly SupervisorFile[] {
  if (tls === undefined) return []
  return [
    { path: tlsPaths.ca, mode: 0o644, contents: tls.ca },
    { path: tlsPaths.certificate, mode: 0o644, contents: tls.certificate },
    { path: tlsPaths.key, mode: 0o600, contents: tls.key },
  ]
}

function ownLabels({ id, name, workspace }: Sandbox, gatewayId: string | undefined): Record<string, string> {
  return {
    'openshell.ai/managed-by': 'openshell',
    'openshell.ai/sandbox-id': id,
    'openshell.ai/sandbox-name': name,
    'openshell.ai/sandbox-workspace': workspace,
    ...(gatewayId === undefined ? {} : { 'openshell.ai/gateway-id': gatewayId }),
  }
}
