/** How requests for models reach one kind of provider. */
export interface ModelProvider {
  readonly baseUrl: string
  /** The first one is tried to find out whether the endpoint works. */
  readonly protocols: readonly string[]
  /** The credential that holds the key. */
  readonly keyName: string
  /** The setting that replaces `baseUrl`. */
  readonly baseUrlName: string
}

const openAiProtocols = ['openai_chat_completions', 'openai_completions', 'openai_responses', 'model_discovery']

const modelProviders: Readonly<Record<string, ModelProvider>> = {
  openai: {
    baseUrl: 'https://api.openai.com/v1',
    protocols: openAiProtocols,
    keyName: 'OPENAI_API_KEY',
    baseUrlName: 'OPENAI_BASE_URL',
  },
  anthropic: {
    baseUrl: 'https://api.anthropic.com/v1',
    protocols: ['anthropic_messages', 'model_discovery'],
    keyName: 'ANTHROPIC_API_KEY',
    baseUrlName: 'ANTHROPIC_BASE_URL',
  },
  nvidia: {
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    protocols: openAiProtocols,
    keyName: 'NVIDIA_API_KEY',
    baseUrlName: 'NVIDIA_BASE_URL',
  },
}

/** The kinds of providers that routes can lead to. */
export const modelProviderTypes: readonly string[] = Object.keys(modelProviders)

/** What is known about a kind of provider, whatever its case; `undefined` for one that serves no models. */
export function modelProviderOf(type: string): ModelProvider | undefined {
  const name = type.trim().toLowerCase()
  return Object.hasOwn(modelProviders, name) ? modelProviders[name] : undefined
}
