import type { JsonObject } from '@openshell-ts/driver-config/envelope'

/**
 * What a sandbox may do. Filesystem, landlock and process are fixed when a sandbox is created; network rules may change later.
 * What is absent is empty. On line 0.0 the words of endpoints are free text, on line 0.1 a closed set.
 */
export interface SandboxPolicy {
  readonly version?: number
  readonly filesystem?: FilesystemPolicy
  readonly landlock?: { readonly compatibility?: string }
  readonly process?: { readonly runAsUser?: string; readonly runAsGroup?: string }
  /** Rules by name; names that start with `_provider_` belong to the gateway. */
  readonly networkPolicies?: Readonly<Record<string, NetworkPolicyRule>>
  readonly networkMiddlewares?: Readonly<Record<string, NetworkMiddleware>>
}

/** Which paths a sandbox may use. */
export interface FilesystemPolicy {
  readonly includeWorkdir?: boolean
  readonly readOnly?: readonly string[]
  readonly readWrite?: readonly string[]
}

/** Which programs may reach which endpoints. */
export interface NetworkPolicyRule {
  readonly name?: string
  readonly endpoints?: readonly NetworkEndpoint[]
  /** Programs by their path in the sandbox; none means every program. */
  readonly binaries?: readonly { readonly path?: string }[]
}

/** Where requests may go, and what of them is allowed. */
export interface NetworkEndpoint {
  readonly host?: string
  /** One port; see `ports` for several. */
  readonly port?: number
  readonly ports?: readonly number[]
  readonly protocol?: string
  /** How TLS is handled. */
  readonly tls?: 'skip' | 'terminate' | 'passthrough' | (string & {})
  /** Whether rules deny or only record. */
  readonly enforcement?: 'enforce' | 'audit' | (string & {})
  /** A preset of allowed requests. */
  readonly access?: 'read-only' | 'read-write' | 'full' | (string & {})
  readonly path?: string
  readonly rules?: readonly { readonly allow?: RequestMatcher }[]
  readonly denyRules?: readonly RequestMatcher[]
  readonly allowedIps?: readonly string[]
  readonly allowEncodedSlash?: boolean
  readonly persistedQueries?: string
  readonly graphqlPersistedQueries?: Readonly<Record<string, GraphqlOperation>>
  readonly graphqlMaxBodyBytes?: number
  readonly jsonRpcMaxBodyBytes?: number
  readonly mcp?: McpOptions
  readonly websocketCredentialRewrite?: boolean
  readonly requestBodyCredentialRewrite?: boolean
  readonly allowUninspectedCredentials?: boolean
  readonly credentialBinding?: { readonly provider?: string }
  readonly credentialSigning?: string
  readonly signingService?: string
  readonly signingRegion?: string
  /** True for an endpoint that the policy advisor proposed. */
  readonly advisorProposed?: boolean
  readonly providerCredentialed?: boolean
  /** From gateway 0.1.0. */
  readonly tokenGrantOwner?: string
}

/** Which requests a rule is about; what is absent matches everything. */
export interface RequestMatcher {
  readonly method?: string
  readonly path?: string
  readonly command?: string
  readonly query?: Readonly<Record<string, ValueMatcher>>
  readonly params?: Readonly<Record<string, ValueMatcher>>
  readonly operationType?: string
  readonly operationName?: string
  readonly fields?: readonly string[]
}

/** Which values of a parameter match. */
export interface ValueMatcher {
  readonly glob?: string
  readonly any?: readonly string[]
}

/** A known GraphQL operation. */
export interface GraphqlOperation {
  readonly operationType?: string
  readonly operationName?: string
  readonly fields?: readonly string[]
}

/** How requests of the Model Context Protocol are checked. */
export interface McpOptions {
  readonly strictToolNames?: boolean
  readonly allowAllKnownMcpMethods?: boolean
  /** From gateway 0.1.0. */
  readonly versions?: readonly string[]
}

/** A service that sees requests on their way. */
export interface NetworkMiddleware {
  readonly name?: string
  readonly middleware?: string
  readonly config?: JsonObject
  readonly onError?: string
  readonly endpoints?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] }
  readonly order?: number
}
