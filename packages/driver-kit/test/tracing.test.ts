import { status as codes, Metadata } from '@grpc/grpc-js'
import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defineDriver } from '../src/index.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'
import { rejection } from './rejection.js'
import { sandboxMessage, serveInTest } from './serve-in-test.js'

const exporter = new InMemorySpanExporter()
beforeEach(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
})
afterEach(() => {
  exporter.reset()
  for (const api of [trace, context, propagation]) api.disable()
})

const driver = defineDriver({
  ...memoryHandlers(memoryBackend()),
  name: 'acme',
  version: '1.0.0',
  async validate(sandbox) {
    trace.getTracer('author').startSpan('look').end()
    if (sandbox.image === 'broken') throw new Error('no')
  },
})

test("a call is a span below the gateway's, and handlers' spans hang below the call's", async () => {
  await using served = await serveInTest(driver)
  const metadata = new Metadata()
  metadata.set('traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
  await served.client.unary('validateSandboxCreate', { sandbox: sandboxMessage('one') }, { metadata })
  const [look, call] = exporter.getFinishedSpans()
  expect(call).toMatchObject({
    name: 'openshell.compute.v1.ComputeDriver/ValidateSandboxCreate',
    parentSpanContext: { spanId: 'b7ad6b7169203331' },
    attributes: { 'rpc.system': 'grpc', 'rpc.grpc.status_code': codes.OK },
    status: { code: SpanStatusCode.UNSET },
  })
  expect(call?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c')
  expect(look?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId)
})

test('a fault of the driver marks its span, a refusal does not', async () => {
  await using served = await serveInTest(driver)
  const broken = sandboxMessage('one', { template: { image: 'broken' } })
  await rejection(served.client.unary('validateSandboxCreate', { sandbox: broken }))
  await rejection(served.client.unary('getSandbox', { sandboxId: 'none' }))
  const calls = exporter.getFinishedSpans().filter(({ name }) => name.startsWith('openshell'))
  expect(calls.map(({ attributes, status }) => [attributes['rpc.grpc.status_code'], status.code])).toEqual([
    [codes.INTERNAL, SpanStatusCode.ERROR],
    [codes.NOT_FOUND, SpanStatusCode.UNSET],
  ])
})
