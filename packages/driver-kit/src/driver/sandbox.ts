import type { JsonObject } from '@openshell-ts/driver-config/envelope'

/** A sandbox as a driver's handlers see it: what the gateway asked for, and where its files live. Read-only. */
export interface Sandbox {
  /** The gateway's id of the sandbox; never changes, and is safe as a file name. */
  readonly id: string
  /** The sandbox's name, unique in its workspace. */
  readonly name: string
  /** The workspace; `default` when the gateway names none. */
  readonly workspace: string
  /** The image; the driver's `defaultImage` when the client names none, and `''` when there is neither. */
  readonly image: string
  /** The main process and its arguments; never passed through a shell. Empty when the gateway sends none. */
  readonly command: readonly string[]
  /** Whether the main process wants a terminal. */
  readonly tty: boolean
  /** The user's variables, the template's overlaid by the spec's. The driver's own variables must win over these. */
  readonly environment: Readonly<Record<string, string>>
  /** The log level that the client asks for; `''` when it asks for none. Free text. */
  readonly logLevel: string
  /** Labels of the template; free text. */
  readonly labels: Readonly<Record<string, string>>
  /** Where the template wants the agent's socket; `''` when it says nothing. */
  readonly agentSocketPath: string
  /** Requests and limits as the client wrote them, not parsed; absent when it wrote none. */
  readonly resources?: SandboxResources
  /** Present when the sandbox wants a GPU. */
  readonly gpu?: {
    /** How many; absent means one. */
    readonly count?: number
  }
  /** Settings for a platform, such as `runtime_class_name`; absent when there are none. */
  readonly platformConfig?: JsonObject
  /** Whether user namespaces are wanted; absent when the client says nothing. Only gateways of line 0.1 send it. */
  readonly userNamespaces?: boolean
  /** Whom the main process should run as; absent when the gateway says nothing. Only gateways of line 0.1 send it. */
  readonly workloadIdentity?: { readonly user: string; readonly group: string }
  /** Whether the main process should wait for a client to attach. Only gateways of line 0.1 send it. */
  readonly awaitMainProcessAttachment: boolean
  /** Absolute path of the driver's own folder for this sandbox, mode 0700. It is removed after the sandbox is deleted. */
  readonly directory: string
  /** Absolute path of the file, mode 0600, with the sandbox's token; absent when the gateway issues none. */
  readonly tokenFile?: string
}

/** CPU and memory in the notation of Kubernetes (`500m`, `2Gi`), as the client wrote them; `''` when it wrote nothing. */
export interface SandboxResources {
  readonly cpuRequest: string
  readonly cpuLimit: string
  readonly memoryRequest: string
  readonly memoryLimit: string
}

/** The part of a sandbox that validation sees: nothing of it exists yet, so it has no folder and no token. */
export type RequestedSandbox = Omit<Sandbox, 'directory' | 'tokenFile'>
