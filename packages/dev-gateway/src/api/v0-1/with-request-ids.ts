import type { DescMethod, Message } from '@bufbuild/protobuf'
import { OpenShell } from '@openshell-ts/protocol/v0-1'
import { requestContent } from '../../requests/request-content.js'
import type { RequestIds } from '../../requests/request-ids.js'
import type { CallContext, MethodHandlers } from '../../server/method-handlers.js'

type UnaryHandler = (request: Message, context: CallContext) => object | Promise<object>

/** Lets calls with a `request_id` have one effect. Streams are left alone. */
export function withRequestIds(
  handlers: MethodHandlers<typeof OpenShell>,
  requestIds: RequestIds,
): MethodHandlers<typeof OpenShell> {
  const byName = handlers as Readonly<Record<string, UnaryHandler | undefined>>
  const wrapped = OpenShell.methods.flatMap((method) => {
    const handler = byName[method.localName]
    const identified = method.methodKind === 'unary' && method.input.fields.some(({ name }) => name === 'request_id')
    return handler && identified ? [[method.localName, once(method, handler, requestIds)]] : []
  })
  return { ...handlers, ...Object.fromEntries(wrapped) }
}

function once(
  { name: method, input, output }: DescMethod,
  handler: UnaryHandler,
  requestIds: RequestIds,
): UnaryHandler {
  return async (request, context) => {
    const { requestId } = request as Message & { readonly requestId: string }
    const run = async () => await handler(request, context)
    if (requestId === '') return run()
    const bytes = requestContent(input, request, context.requestBytes)
    const call = { principal: context.principal, requestId, method, bytes, output }
    const { answer, replayed } = await requestIds.once(call, run)
    if (replayed) context.setHeader('openshell-replayed', 'true')
    return answer
  }
}
