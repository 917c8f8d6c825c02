import type { DescField, DescMessage, Message } from '@bufbuild/protobuf'
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'

/** What a request is about, as far as workspaces go. */
export type RequestTarget =
  | { readonly type: 'workspace'; readonly name: string }
  /** What belongs to no workspace and is there for all (`shared`), or what is in every workspace. */
  | { readonly type: 'platform'; readonly shared: boolean }
  | { readonly type: 'sandbox'; readonly id: string }
  | { readonly type: 'ssh-session'; readonly token: string }

const everyWorkspace: RequestTarget = { type: 'platform', shared: false }
const sharedByAll: RequestTarget = { type: 'platform', shared: true }

// An empty workspace means the platform in these requests, and `default` in all others.
const platformByDefault = /ProviderProfiles?Request$/

// The first frame of a stream holds what the stream is about in one of these.
const firstFrames = ['init', 'start']

/**
 * Finds what a request is about by the names of its fields, which mean the same in all requests. Empty for a request that is
 * about nothing in particular.
 */
export function requestTargets(schema: DescMessage, message: Message): readonly RequestTarget[] {
  const request = new RequestFields(schema, message)
  if (request.isTrue('all_workspaces')) return [everyWorkspace]
  if (request.isTrue('global')) return [sharedByAll]
  const scoped = request.has('workspace') || request.has('workspace_scope')
  // `id` in a request of a workspace is the id of something else.
  const id = request.text('sandbox_id') ?? (scoped ? undefined : request.text('id'))
  const targets: RequestTarget[] = id === undefined ? [] : [{ type: 'sandbox', id }]
  if (scoped) targets.push(...scopeTargets(schema, request))
  if (targets.length > 0 || scoped) return targets
  const name = request.text('name')
  if (name !== undefined) return [{ type: 'workspace', name }]
  const token = request.text('token')
  if (token !== undefined) return [{ type: 'ssh-session', token }]
  return firstFrames.flatMap((frame) => request.inside(frame, requestTargets) ?? [])
}

function scopeTargets(schema: DescMessage, request: RequestFields): readonly RequestTarget[] {
  const name = request.text('workspace')
  const platform = platformByDefault.test(schema.name)
  if (name !== undefined) return [platform && name === '' ? sharedByAll : { type: 'workspace', name }]
  return request.inside('workspace_scope', selectorTargets) ?? (platform ? [sharedByAll] : [])
}

function selectorTargets(schema: DescMessage, message: Message): readonly RequestTarget[] {
  const selector = new RequestFields(schema, message)
  if (selector.inside('all_workspaces', () => true)) return [everyWorkspace]
  return [{ type: 'workspace', name: selector.text('workspace') ?? '' }]
}

/** A message's fields by the names of the wire. */
class RequestFields {
  readonly #schema: DescMessage
  readonly #message: ReflectMessage

  constructor(schema: DescMessage, message: Message) {
    this.#schema = schema
    this.#message = reflect(schema, message)
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined
  }

  isTrue(name: string): boolean {
    return this.#get(name) === true
  }

  text(name: string): string | undefined {
    const value = this.#get(name)
    return typeof value === 'string' ? value : undefined
  }

  /** What `read` finds in the message of a field; absent when the field is. */
  inside<Found>(name: string, read: (schema: DescMessage, message: Message) => Found): Found | undefined {
    const field = this.#find(name)
    if (field?.fieldKind !== 'message' || !this.#message.isSet(field)) return undefined
    return read(field.message, this.#message.get(field).message)
  }

  #get(name: string): unknown {
    const field = this.#find(name)
    return field?.fieldKind === 'scalar' ? this.#message.get(field) : undefined
  }

  #find(name: string): DescField | undefined {
    return this.#schema.fields.find((field) => field.name === name)
  }
}
